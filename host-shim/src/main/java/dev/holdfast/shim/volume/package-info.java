/** Docker volumes and bind mounts as a source: read and written through the engine, while their containers run, are paused or are stopped. */
@NullMarked
package dev.holdfast.shim.volume;

import org.jspecify.annotations.NullMarked;
