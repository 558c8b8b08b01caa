package dev.holdfast.core.storage.ftp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a data connection on which nothing has moved for too long: writing to a socket has no timeout of its own, and a
 * peer that stops reading would hold it for ever.
 */
final class StallGuard implements AutoCloseable {
    private static final int LOOKS = 4;

    private final DataChannel data;
    private final long stallNanos;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long movedNanos = System.nanoTime();
    private volatile boolean waiting;
    private volatile boolean stalled;
    private volatile @Nullable IOException cutFailure;

    StallGuard(DataChannel data, Duration stall) {
        this.data = data;
        this.stallNanos = stall.toNanos();
        Thread.ofVirtual().name("ftp-stall-guard").start(this::watch);
    }

    /** A write begins: from here to {@link #moved()} the peer is what we wait for. */
    void writing() {
        movedNanos = System.nanoTime();
        waiting = true;
    }

    void moved() {
        waiting = false;
    }

    boolean isStalled() {
        return stalled;
    }

    private void watch() {
        try {
            while (!done.await(stallNanos / LOOKS, TimeUnit.NANOSECONDS)) {
                if (waiting && System.nanoTime() - movedNanos > stallNanos) {
                    stalled = true;
                    data.cut();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            cutFailure = e;
        }
    }

    @Override
    public void close() throws IOException {
        done.countDown();
        @Nullable IOException failure = cutFailure;
        if (failure != null) {
            throw failure;
        }
    }
}
