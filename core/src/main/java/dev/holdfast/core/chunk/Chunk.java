package dev.holdfast.core.chunk;

/** A slice of a shared buffer, 1 byte to 4 MiB. Must be released exactly once, after its last use. */
public final class Chunk {
    private final SlabPool.Slab slab;
    private final int offset;
    private final int length;

    Chunk(SlabPool.Slab slab, int offset, int length) {
        this.slab = slab;
        this.offset = offset;
        this.length = length;
        slab.hold();
    }

    /** The shared buffer: only {@link #length()} bytes from {@link #offset()} are this chunk's. */
    public byte[] bytes() {
        return slab.bytes();
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    public void release() {
        slab.release();
    }
}
