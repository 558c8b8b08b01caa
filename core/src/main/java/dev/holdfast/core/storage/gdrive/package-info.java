/** Objects in a folder of a Google Drive. */
@NullMarked
package dev.holdfast.core.storage.gdrive;

import org.jspecify.annotations.NullMarked;
