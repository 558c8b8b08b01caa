/** Objects as files below a folder: a disk, a mounted share, a USB drive. */
@NullMarked
package dev.holdfast.core.storage.local;

import org.jspecify.annotations.NullMarked;
