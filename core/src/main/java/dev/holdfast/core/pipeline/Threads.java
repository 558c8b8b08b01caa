package dev.holdfast.core.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** How the pipelines use threads. */
final class Threads {
    private Threads() {}

    static ThreadFactory named(String name) {
        return Thread.ofPlatform().daemon(true).name(name + "-", 1).factory();
    }

    /** The result of a task; its failure as what it was. */
    static <T> T get(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("a task failed", e);
            }
        }
    }
}
