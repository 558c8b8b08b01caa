package dev.holdfast.core.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends calls that take too long. The call runs in a virtual thread, whose sockets give up when it is interrupted. It is
 * given a moment to end; one that cannot (a hung network mount) is left behind, and its caller gets Unavailable.
 */
final class Deadline {
    private static final Duration TO_END = Duration.ofSeconds(5);

    private final Optional<Duration> callTimeout;
    private final long slowestBytesPerSecond;

    Deadline(StorageOptions options) {
        this.callTimeout = options.callTimeout();
        this.slowestBytesPerSecond = options.rateLimit()
                .map(limit -> limit.bytesPerSecond() / 16) // a limit is shared by many puts
                .map(share -> Math.min(share, StorageOptions.SLOWEST_BYTES_PER_SECOND))
                .orElse(StorageOptions.SLOWEST_BYTES_PER_SECOND);
    }

    /** A call of a driver. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    /**
     * Makes the call.
     *
     * @param bytes that it moves, for which it gets more time
     * @throws StorageException.Unavailable when the time is over
     */
    <T> T run(String what, long bytes, Call<T> call) throws IOException {
        if (callTimeout.isEmpty()) {
            return call.run();
        }
        Duration allowed = callTimeout.get().plusSeconds(bytes / slowestBytesPerSecond);
        FutureTask<T> task = new FutureTask<>(call::run);
        Thread thread = Thread.ofVirtual().name("storage call").start(task);
        try {
            return task.get(allowed.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            end(thread);
            throw new StorageException.Unavailable(
                    what + ": no answer within " + allowed.toMillis() + " ms; check the network and the storage", e);
        } catch (InterruptedException e) {
            task.cancel(true);
            end(thread);
            throw Time.interrupted();
        } catch (ExecutionException e) {
            throw rethrown(e);
        }
    }

    /** Makes a call that opens a stream; one that is opened when the time is over is closed again. */
    Optional<InputStream> open(String what, Call<Optional<InputStream>> call) throws IOException {
        Handover handover = new Handover();
        try {
            return run(what, 0, () -> handover.offer(call.run()));
        } catch (StorageException.Unavailable | InterruptedIOException e) {
            try {
                handover.refuse();
            } catch (IOException unclosed) {
                e.addSuppressed(unclosed);
            }
            throw e;
        }
    }

    /** Sees to it that a stream is either given to the caller or closed. */
    private static final class Handover {
        private boolean refused;
        private Optional<InputStream> offered = Optional.empty();

        synchronized Optional<InputStream> offer(Optional<InputStream> opened) throws IOException {
            offered = opened;
            if (refused) {
                refuse();
            }
            return opened;
        }

        synchronized void refuse() throws IOException {
            refused = true;
            if (offered.isPresent()) {
                offered.get().close();
            }
        }
    }

    private static void end(Thread thread) throws IOException {
        try {
            thread.join(TO_END);
        } catch (InterruptedException e) {
            throw Time.interrupted();
        }
    }

    /** The failure itself, as the call threw it. */
    private static IOException rethrown(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IOException("a storage driver threw what it does not declare", cause);
    }
}
