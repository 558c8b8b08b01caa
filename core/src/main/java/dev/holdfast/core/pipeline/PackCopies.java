package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RepositoryCopy;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies packs, a few at a time. A pack is read whole and compared with its name before its first byte goes out: what is damaged is never
 * passed on.
 */
final class PackCopies implements AutoCloseable {
    /** Twice what a writer fills a pack to; more is no pack, and would take memory without end. */
    private static final int MAX_PACK_BYTES = 64 << 20;

    private final Repository source;
    private final RepositoryCopy copy;
    private final Pace pace;
    private final RunProgress progress;
    private final int transfers;
    private final ExecutorService workers;
    private final ConcurrentLinkedQueue<byte[]> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger packs = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    PackCopies(Repository source, RepositoryCopy copy, Pace pace, RunProgress progress, int transfers) {
        this.source = source;
        this.copy = copy;
        this.pace = pace;
        this.progress = progress;
        this.transfers = transfers;
        this.workers = Executors.newFixedThreadPool(transfers, Threads.named("holdfast-copy"));
    }

    /** How far it came. */
    enum Outcome {
        DONE,
        STOPPED
    }

    /**
     * Copies packs of one source. Returns when none is on its way any more.
     *
     * @throws DamagedException when one of them cannot be had as it should be
     * @throws IOException when one of the storages fails
     */
    Outcome copy(SourceName name, List<PackRef> wanted, CommitGuard guard) throws IOException {
        Deque<Future<?>> running = new ArrayDeque<>();
        try {
            for (PackRef pack : wanted) {
                if (running.size() == transfers) {
                    Threads.get(running.removeFirst());
                }
                if (pace.stops()) {
                    return drained(running, Outcome.STOPPED);
                }
                guard.verify();
                running.add(workers.submit(() -> {
                    one(name, pack);
                    return Optional.empty();
                }));
            }
            return drained(running, Outcome.DONE);
        } catch (IOException | RuntimeException | Error e) {
            endAfter(running, e);
            throw e;
        }
    }

    private static Outcome drained(Deque<Future<?>> running, Outcome outcome) throws IOException {
        while (!running.isEmpty()) {
            Threads.get(running.removeFirst());
        }
        return outcome;
    }

    private static void endAfter(Deque<Future<?>> running, Throwable failure) {
        for (Future<?> each : running) {
            try {
                Threads.get(each);
            } catch (IOException also) {
                failure.addSuppressed(also);
            }
        }
    }

    private void one(SourceName name, PackRef pack) throws IOException {
        Instant begun = pace.now();
        byte[] buffer = Objects.requireNonNullElseGet(idle.poll(), () -> new byte[0]);
        try {
            buffer = read(name, pack, buffer);
            int length = Math.toIntExact(pack.bytes());
            progress.addRead(length);
            copy.put(name, pack, Body.of(buffer, 0, length));
            progress.addStored(length);
            packs.incrementAndGet();
            bytes.addAndGet(length);
        } finally {
            idle.add(buffer);
        }
        pace.done(begun);
    }

    private byte[] read(SourceName name, PackRef pack, byte[] room) throws IOException {
        ObjectKey key = source.packKey(name, pack.id());
        if (pack.bytes() > MAX_PACK_BYTES) {
            throw new DamagedException(key + ": is said to have " + pack.bytes() + " bytes, which no pack has");
        }
        int length = Math.toIntExact(pack.bytes());
        byte[] buffer = room.length < length ? new byte[length] : room;
        try {
            source.readPack(name, pack.id(), new ByteRange(0, length), buffer);
        } catch (StorageException.Unavailable | StorageException.Denied e) {
            throw e;
        } catch (FormatException | StorageException e) {
            throw new DamagedException(Objects.requireNonNullElse(e.getMessage(), key + ": cannot be read"), e);
        }
        MessageDigest sha256 = ChunkIdentifier.newSha256();
        sha256.update(buffer, 0, length);
        if (!PackId.of(sha256.digest()).equals(pack.id())) {
            throw new DamagedException(key + ": its bytes do not fit its name");
        }
        return buffer;
    }

    int packs() {
        return packs.get();
    }

    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() {
        workers.close();
    }

    /** An object of the source is missing or not what its name says. Says nothing against other snapshots. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }

        DamagedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
