@NullMarked
package dev.holdfast.core.storage.gdrive;

import org.jspecify.annotations.NullMarked;
