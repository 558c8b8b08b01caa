package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.Chunk;
import dev.holdfast.core.chunk.ChunkReader;
import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.SlabPool;
import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.RunKey;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.RecipeWriter;
import dev.holdfast.core.repository.RunKeys;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The middle of a backup: pulls the streams, has the cores work on chunks, and takes the results in order into packs and recipe. Its own thread only
 * reads, cuts and collects.
 */
final class StreamBackup implements AutoCloseable {
    private static final int SLABS = 4;
    private static final int CHUNKS_IN_FLIGHT_PER_THREAD = 4;

    private final Chunking chunking;
    private final long[] gear;
    private final SlabPool slabs = new SlabPool(SLABS);
    private final EarlierChunks earlier;
    private final PackWriter packs;
    private final RecipeWriter recipe;
    private final RunProgress progress;
    private final ExecutorService cores;
    private final ConcurrentLinkedQueue<ChunkWorker> idle = new ConcurrentLinkedQueue<>();
    private final Deque<Future<ChunkWorker.Result>> inFlight = new ArrayDeque<>();
    private final int inFlightAtMost;
    private final List<RecipeStream> streams = new ArrayList<>();
    private final Numbering packNumbers = new Numbering();
    private final Numbering runNumbers = new Numbering();
    private long chunks;
    private long newChunks;

    /** Packs of this run are numbered after those of earlier runs; so is the run itself. */
    private final int firstNewPack;

    private final int thisRun;

    StreamBackup(
            Chunking chunking,
            RepositorySecret secret,
            RunKey key,
            EarlierChunks earlier,
            PackWriter packs,
            RecipeWriter recipe,
            BackupSettings settings,
            SecureRandom random,
            RunProgress progress) {
        this.chunking = chunking;
        this.gear = secret.gearTable();
        this.earlier = earlier;
        this.packs = packs;
        this.progress = progress;
        this.firstNewPack = earlier.packs().size();
        this.thisRun = earlier.runs().size();
        this.recipe = recipe;
        this.inFlightAtMost = settings.threads() * CHUNKS_IN_FLIGHT_PER_THREAD;
        this.cores = Executors.newFixedThreadPool(settings.threads(), Threads.named("holdfast-chunk"));
        ChunkIdentifier identifier = secret.chunkIdentifier();
        for (int i = 0; i < settings.threads(); i++) {
            idle.add(new ChunkWorker(
                    identifier.copy(), settings.compression(), key.chunkCipher(), earlier.index(), random));
        }
        runNumbers.of(thisRun);
    }

    void readAll(BackupSource source) throws IOException {
        for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
            NamedStream stream = next.get();
            progress.stream(stream.name());
            try (InputStream in = stream.source().open();
                    ChunkReader reader = new ChunkReader(in, chunking, gear, slabs)) {
                streams.add(read(stream.name(), reader));
            }
        }
    }

    private RecipeStream read(String name, ChunkReader reader) throws IOException {
        MessageDigest digest = ChunkIdentifier.newSha256();
        long bytes = 0;
        long firstChunk = chunks;
        try {
            for (Optional<Chunk> chunk = reader.next(); chunk.isPresent(); chunk = reader.next()) {
                bytes += chunk.get().length();
                progress.addRead(chunk.get().length());
                submit(chunk.get());
                if (inFlight.size() >= inFlightAtMost) {
                    collect(digest);
                }
            }
            while (!inFlight.isEmpty()) {
                collect(digest);
            }
        } catch (IOException | RuntimeException | Error e) {
            settle(e);
            throw e;
        }
        return new RecipeStream(name, bytes, chunks - firstChunk, HexFormat.of().formatHex(digest.digest()));
    }

    private void submit(Chunk chunk) {
        inFlight.add(cores.submit(() -> {
            // released whatever happens: a buffer that never comes back would leave the reader waiting
            try {
                ChunkWorker worker = idle.remove();
                try {
                    return worker.process(chunk);
                } finally {
                    idle.add(worker);
                }
            } finally {
                chunk.release();
            }
        }));
    }

    private void collect(MessageDigest digest) throws IOException {
        ChunkWorker.Result result = Threads.get(inFlight.remove());
        digest.update(result.digest());
        chunks++;
        int entry = switch (result) {
            case ChunkWorker.Known known -> known.entry();
            case ChunkWorker.Sealed sealed -> store(sealed);
        };
        ChunkIndex.Place place = earlier.index().place(entry);
        recipe.add(new ChunkRef(
                result.id(),
                runNumbers.of(place.run()),
                packNumbers.of(place.pack()),
                place.offset(),
                place.sealedLength(),
                place.rawLength(),
                place.codec()));
    }

    /** A chunk that was sealed twice, because it came twice within a moment, is stored once. */
    private int store(ChunkWorker.Sealed sealed) throws IOException {
        int known = earlier.index().find(sealed.id());
        if (known != ChunkIndex.NONE) {
            return known;
        }
        PackWriter.Added added = packs.add(sealed);
        newChunks++;
        return earlier.index()
                .add(
                        sealed.id(),
                        new ChunkIndex.Place(
                                thisRun,
                                firstNewPack + added.pack(),
                                added.offset(),
                                sealed.sealed().length,
                                sealed.rawLength(),
                                sealed.codec()));
    }

    /** After a failure, lets the chunks at work end, so that their buffers come back. */
    private void settle(Throwable failure) {
        for (Future<ChunkWorker.Result> left : inFlight) {
            try {
                Threads.get(left);
            } catch (IOException | RuntimeException | Error e) {
                // out of memory is at times one and the same object for all threads
                if (!e.equals(failure)) {
                    failure.addSuppressed(e);
                }
            }
        }
        inFlight.clear();
    }

    /** Ends the recipe. */
    Summary finish(List<PackRef> newPacks, RunKeys run, Map<String, Object> evidence) {
        List<byte[]> sealed = recipe.finish(streams, evidence);
        List<PackRef> all = new ArrayList<>(earlier.packs());
        all.addAll(newPacks);
        List<RunKeys> runs = new ArrayList<>(earlier.runs());
        runs.add(run);
        List<PackRef> used = packNumbers.order().stream().map(all::get).toList();
        List<PackRef> reused = packNumbers.order().stream()
                .filter(number -> number < firstNewPack)
                .map(all::get)
                .toList();
        return new Summary(
                sealed,
                used,
                reused,
                runNumbers.order().stream().map(runs::get).toList(),
                streams.stream().mapToLong(RecipeStream::bytes).sum(),
                streams.size(),
                chunks,
                newChunks);
    }

    @Override
    public void close() {
        cores.close();
        idle.forEach(ChunkWorker::close);
    }

    /** What the snapshot needs to know of the streams. */
    record Summary(
            List<byte[]> recipe,
            List<PackRef> packs,
            List<PackRef> reusedPacks,
            List<RunKeys> runs,
            long plaintextBytes,
            int streams,
            long chunks,
            long newChunks) {}

    /** Numbers things anew in the order of their first use. */
    private static final class Numbering {
        private final Map<Integer, Integer> numbers = new HashMap<>();
        private final List<Integer> order = new ArrayList<>();

        int of(int old) {
            return numbers.computeIfAbsent(old, number -> {
                order.add(number);
                return order.size() - 1;
            });
        }

        List<Integer> order() {
            return order;
        }
    }
}
