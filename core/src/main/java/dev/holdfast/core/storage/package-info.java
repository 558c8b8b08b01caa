/** What callers use to keep objects ({@link dev.holdfast.core.storage.Storage}) and what a provider implements ({@link dev.holdfast.core.storage.StorageDriver}). */
@NullMarked
package dev.holdfast.core.storage;

import org.jspecify.annotations.NullMarked;
