package dev.holdfast.core.chunk;

/** Finds where the first chunk of some bytes ends. */
@FunctionalInterface
public interface Cutter {
    /** There is no cut among these bytes; with more of them there may be. */
    int NO_CUT = -1;

    /**
     * The length of the first chunk, at most {@link Chunking#MAX_BYTES}; {@link #NO_CUT} only when {@code length} is
     * below that.
     */
    int cut(byte[] bytes, int offset, int length);
}
