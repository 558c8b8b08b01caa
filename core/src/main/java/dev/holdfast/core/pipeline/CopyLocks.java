package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Lengthens the locks of objects that a snapshot needs and that were put long before it. Does nothing for a copy without locks. */
final class CopyLocks {
    /** Small requests: what counts is the way there and back. */
    private static final int AT_ONCE = 8;

    private final Storage target;
    private final Optional<LockTerm> term;
    private final Clock clock;
    private final AtomicInteger extended = new AtomicInteger();

    private CopyLocks(Storage target, Optional<LockTerm> term, Clock clock) {
        this.target = target;
        this.term = term;
        this.clock = clock;
    }

    /** @throws StorageException.Rejected of reason INVALID when a lock is wanted of a storage that has none */
    static CopyLocks of(Storage target, Optional<LockTerm> term, Clock clock) throws StorageException {
        if (term.isPresent()) {
            requireLocks(target);
        }
        return new CopyLocks(target, term, clock);
    }

    static void requireLocks(Storage target) throws StorageException {
        if (!target.capabilities().contains(Capability.OBJECT_LOCK)) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    "the provider of this copy cannot lock objects against deletion (S3 Object Lock): a copy there is not immutable."
                            + " Leave the lock out, or use one that can",
                    null);
        }
    }

    /**
     * Sees to it that objects are locked as long as a snapshot wants them.
     *
     * @param put when the snapshot was put into the copy; empty when it is about to be
     */
    void extend(List<ObjectKey> keys, Optional<Instant> put) throws IOException {
        if (term.isEmpty() || keys.isEmpty()) {
            return;
        }
        LockTerm.Need need = term.get().need(put, clock.instant());
        if (need.isOver()) {
            return;
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, Threads.named("holdfast-lock"))) {
            List<Future<?>> running = new ArrayList<>();
            for (ObjectKey key : keys) {
                running.add(workers.submit(() -> {
                    extend(key, need);
                    return Optional.empty();
                }));
            }
            try {
                for (Future<?> each : running) {
                    Threads.get(each);
                }
            } catch (IOException | RuntimeException | Error e) {
                running.forEach(each -> each.cancel(false));
                throw e;
            }
        }
    }

    private void extend(ObjectKey key, LockTerm.Need need) throws IOException {
        Optional<HeldLock> held = target.lock(key);
        if (held.map(lock -> lock.until().isBefore(need.atLeast())).orElse(true)) {
            target.extendLock(key, need.grant().atLeast(held));
            extended.incrementAndGet();
        }
    }

    int extended() {
        return extended.get();
    }
}
