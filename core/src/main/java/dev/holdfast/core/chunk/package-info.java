/** Cuts a stream into chunks and compresses one chunk. */
@NullMarked
package dev.holdfast.core.chunk;

import org.jspecify.annotations.NullMarked;
