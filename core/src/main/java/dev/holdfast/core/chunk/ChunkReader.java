package dev.holdfast.core.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * Cuts a stream into chunks, pulled one by one. An empty stream has no chunks. Does not close the stream. Not safe for use by several threads.
 */
public final class ChunkReader implements AutoCloseable {
    private static final int READ_BYTES = 1 << 20;

    private final InputStream in;
    private final Cutter cutter;
    private final SlabPool pool;
    private SlabPool.Slab slab;
    private int start;
    private int fill;
    private boolean ended;

    public ChunkReader(InputStream in, Chunking chunking, long[] gear, SlabPool pool) throws IOException {
        this.in = in;
        this.cutter = chunking.cutter(gear);
        this.pool = pool;
        this.slab = take();
    }

    /** The next chunk, which the caller releases; empty at the end of the stream. */
    public Optional<Chunk> next() throws IOException {
        int length = cut();
        while (length == Cutter.NO_CUT && !ended) {
            fillUp();
            length = cut();
        }
        if (length == Cutter.NO_CUT) {
            length = fill - start;
        }
        if (length == 0) {
            return Optional.empty();
        }
        Chunk chunk = new Chunk(slab, start, length);
        start += length;
        return Optional.of(chunk);
    }

    private int cut() {
        int available = fill - start;
        return available == 0 ? Cutter.NO_CUT : cutter.cut(slab.bytes(), start, available);
    }

    /** Reads until a largest chunk is there, or the stream has ended. */
    private void fillUp() throws IOException {
        if (slab.bytes().length - start < Chunking.MAX_BYTES) {
            moveOn();
        }
        int wanted = start + Chunking.MAX_BYTES;
        while (fill < wanted && !ended) {
            int read = in.read(slab.bytes(), fill, Math.min(READ_BYTES, slab.bytes().length - fill));
            if (read < 0) {
                ended = true;
            } else {
                fill += read;
            }
        }
    }

    /** Takes the bytes that are not cut yet to a fresh slab. */
    private void moveOn() throws IOException {
        SlabPool.Slab next = take();
        System.arraycopy(slab.bytes(), start, next.bytes(), 0, fill - start);
        slab.release();
        slab = next;
        fill -= start;
        start = 0;
    }

    private SlabPool.Slab take() throws IOException {
        try {
            return pool.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for memory");
        }
    }

    @Override
    public void close() {
        slab.release();
    }
}
