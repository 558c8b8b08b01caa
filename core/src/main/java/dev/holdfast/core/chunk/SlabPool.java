package dev.holdfast.core.chunk;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of 16 MiB buffers that chunks are slices of. Whoever reads waits here when all are in use: this is what bounds the memory
 * of a backup.
 */
public final class SlabPool {
    static final int SLAB_BYTES = 16 << 20;

    private final BlockingQueue<byte[]> free;
    private final AtomicInteger unmade;

    /** A pool of {@code slabs} buffers, at least 2; each is made when first needed. */
    public SlabPool(int slabs) {
        if (slabs < 2) {
            throw new IllegalArgumentException("a slab pool needs at least 2 slabs");
        }
        free = new ArrayBlockingQueue<>(slabs);
        unmade = new AtomicInteger(slabs);
    }

    Slab take() throws InterruptedException {
        byte[] bytes = free.poll();
        if (bytes == null && unmade.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            bytes = new byte[SLAB_BYTES];
        }
        return new Slab(bytes == null ? free.take() : bytes);
    }

    /** One buffer, given back when its reader and all chunks cut from it have let go. */
    final class Slab {
        private final byte[] bytes;
        private final AtomicInteger holders = new AtomicInteger(1);

        private Slab(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        void hold() {
            holders.incrementAndGet();
        }

        void release() {
            int left = holders.decrementAndGet();
            if (left < 0) {
                throw new IllegalStateException("a slab was released twice");
            }
            if (left == 0 && !free.offer(bytes)) {
                throw new IllegalStateException("more slabs came back than there are");
            }
        }
    }
}
