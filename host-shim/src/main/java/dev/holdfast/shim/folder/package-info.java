/** Files that come back from a snapshot: folders in their places or elsewhere, and the streams of any snapshot as files. */
@NullMarked
package dev.holdfast.shim.folder;

import org.jspecify.annotations.NullMarked;
