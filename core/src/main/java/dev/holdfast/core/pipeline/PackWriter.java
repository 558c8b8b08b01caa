package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.PackBuilder;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Puts sealed chunks into packs and the packs into the storage, while the next one fills. At most {@code uploads} packs are on their way; whoever
 * adds more waits. Used by one thread.
 */
final class PackWriter implements AutoCloseable {
    private final Repository repository;
    private final SourceName source;
    private final RunId run;
    private final Supplier<IndexCipher> ciphers;
    private final SecureRandom random;
    private final RunProgress progress;
    private final BlockingQueue<PackBuilder> builders;
    private final ExecutorService uploads;
    private final List<Future<PackRef>> packs = new ArrayList<>();
    private final List<PackRef> begun = java.util.Collections.synchronizedList(new ArrayList<>());
    private PackBuilder current;

    PackWriter(
            Repository repository,
            SourceName source,
            RunId run,
            Supplier<IndexCipher> ciphers,
            int uploads,
            SecureRandom random,
            RunProgress progress) {
        this.repository = repository;
        this.source = source;
        this.run = run;
        this.ciphers = ciphers;
        this.random = random;
        this.progress = progress;
        this.uploads = Executors.newFixedThreadPool(uploads, Threads.named("holdfast-upload"));
        this.builders = new ArrayBlockingQueue<>(uploads);
        for (int i = 0; i < uploads; i++) {
            builders.add(new PackBuilder());
        }
        this.current = new PackBuilder();
    }

    /** Appends a chunk. Returns the pack's number in this run, from 0, and the offset in it. */
    Added add(ChunkWorker.Sealed chunk) throws IOException {
        int length = chunk.sealed().length;
        if (!current.fits(length)) {
            PackBuilder full = current;
            current = free();
            upload(full);
        }
        int offset = current.add(chunk.id(), chunk.sealed(), length, chunk.rawLength(), chunk.codec());
        return new Added(packs.size(), offset);
    }

    private PackBuilder free() throws IOException {
        failEarly();
        try {
            return builders.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an upload");
        }
    }

    /** A pack that could not be stored ends the run now, not after the whole dump. */
    private void failEarly() throws IOException {
        for (Future<PackRef> pack : packs) {
            if (pack.state() == Future.State.FAILED) {
                Threads.get(pack);
            }
        }
    }

    private void upload(PackBuilder full) {
        packs.add(uploads.submit(() -> {
            try {
                PackBuilder.Finished pack = full.finish(ciphers.get(), run, random);
                PackRef ref = new PackRef(pack.id(), pack.body().bytes());
                begun.add(ref);
                repository.putPack(source, pack);
                progress.addStored(ref.bytes());
                return ref;
            } finally {
                full.reset();
                builders.add(full);
            }
        }));
    }

    /** Stores what is left and waits for all. Returns the run's packs by number. */
    List<PackRef> finish() throws IOException {
        if (!current.isEmpty()) {
            PackBuilder last = current;
            current = free();
            upload(last);
        }
        List<PackRef> stored = new ArrayList<>();
        for (Future<PackRef> pack : packs) {
            stored.add(Threads.get(pack));
        }
        return stored;
    }

    /** Removes every pack of this run again. What cannot be removed is added to {@code failure}, and left for a later sweep. */
    void abandon(Throwable failure) {
        close();
        for (PackRef pack : List.copyOf(begun)) {
            try {
                repository.storage().delete(repository.packKey(source, pack.id()));
            } catch (IOException e) {
                if (!e.equals(failure)) {
                    failure.addSuppressed(e);
                }
            }
        }
    }

    /** Ends the upload threads; waits for those at work. */
    @Override
    public void close() {
        for (Future<PackRef> pack : packs) {
            pack.cancel(false);
        }
        uploads.close();
    }

    /** Where a chunk went. */
    record Added(int pack, int offset) {}
}
