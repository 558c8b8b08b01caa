package dev.holdfast.shim.postgres;

import dev.holdfast.core.source.DumpFailedException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Counts in a session's snapshot on its own thread, while the dump reads the same snapshot. */
final class Counting {
    private final PsqlSession session;
    private final CompletableFuture<RowCounts> counts = new CompletableFuture<>();

    Counting(PsqlSession session) {
        this.session = session;
    }

    void start() {
        Thread.ofPlatform().daemon().name("count-rows").start(() -> {
            try {
                counts.complete(RowCounts.takeInTransaction(session));
            } catch (IOException | RuntimeException e) {
                counts.completeExceptionally(e);
            }
        });
    }

    /** Waits for the end. */
    RowCounts result() throws IOException {
        try {
            return counts.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw new DumpFailedException(
                    "rows could not be counted in the dump's snapshot: " + (cause == null ? "" : cause.getMessage()),
                    cause);
        }
    }
}
