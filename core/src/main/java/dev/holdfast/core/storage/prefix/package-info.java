/** A part of a storage, as a storage of its own. */
@NullMarked
package dev.holdfast.core.storage.prefix;

import org.jspecify.annotations.NullMarked;
