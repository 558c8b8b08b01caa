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
import java.util.Arrays;
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
 * The middle of a backup: pulls the streams, has the cores work on chunks, and takes the results in order into packs and recipe. The threads that
 * read only read, cut and collect: one, or as many as the source has streams side by side. Streams stand in the recipe in the order of the source, and
 * each has its chunks together there, whichever way they were read.
 */
final class StreamBackup implements AutoCloseable {
    private static final int SLABS = 4;
    private static final int CHUNKS_IN_FLIGHT_PER_THREAD = 4;

    private final Chunking chunking;
    private final long[] gear;
    private final EarlierChunks earlier;
    private final PackWriter packs;
    private final RecipeWriter recipe;
    private final RunProgress progress;
    private final ExecutorService cores;
    private final ConcurrentLinkedQueue<ChunkWorker> idle = new ConcurrentLinkedQueue<>();
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
        int atMost = source.sideBySide();
        // one that is filled for each stream, and always one that is free or will be
        SlabPool slabs = new SlabPool(SLABS + atMost - 1);
        SideBySide.Reader reader = (name, in) -> {
            progress.stream(name);
            try (ChunkReader chunksOf = new ChunkReader(in, chunking, gear, slabs)) {
                return new OneStream(Math.max(2, inFlightAtMost / atMost)).read(name, chunksOf);
            }
        };
        if (atMost > 1) {
            new SideBySide(source, atMost, reader, this::enlist).readAll();
            return;
        }
        for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
            NamedStream stream = next.get();
            try (InputStream in = stream.source().open()) {
                enlist(reader.read(stream.name(), in));
            }
        }
    }

    /** Writes a stream into the recipe. */
    private void enlist(StreamRead read) {
        for (int i = 0; i < read.chunks(); i++) {
            int entry = read.entries()[i];
            ChunkIndex.Place place = earlier.index().place(entry);
            recipe.add(new ChunkRef(
                    earlier.index().id(entry),
                    runNumbers.of(place.run()),
                    packNumbers.of(place.pack()),
                    place.offset(),
                    place.sealedLength(),
                    place.rawLength(),
                    place.codec()));
        }
        chunks += read.chunks();
        streams.add(new RecipeStream(read.name(), read.bytes(), read.chunks(), read.digest()));
    }

    /** One stream on its way through the cores. Used by one thread. */
    private final class OneStream {
        private final int atMost;
        private final Deque<Future<ChunkWorker.Result>> inFlight = new ArrayDeque<>();
        private final MessageDigest digest = ChunkIdentifier.newSha256();
        private int[] entries = new int[64];
        private int collected;

        OneStream(int atMost) {
            this.atMost = atMost;
        }

        StreamRead read(String name, ChunkReader reader) throws IOException {
            long bytes = 0;
            try {
                for (Optional<Chunk> chunk = reader.next(); chunk.isPresent(); chunk = reader.next()) {
                    bytes += chunk.get().length();
                    progress.addRead(chunk.get().length());
                    inFlight.add(submit(chunk.get()));
                    if (inFlight.size() >= atMost) {
                        collect();
                    }
                }
                while (!inFlight.isEmpty()) {
                    collect();
                }
            } catch (IOException | RuntimeException | Error e) {
                settle(e);
                throw e;
            }
            return new StreamRead(
                    name, bytes, entries, collected, HexFormat.of().formatHex(digest.digest()));
        }

        private void collect() throws IOException {
            ChunkWorker.Result result = Threads.get(inFlight.remove());
            digest.update(result.digest());
            if (collected == entries.length) {
                entries = Arrays.copyOf(entries, entries.length * 2);
            }
            entries[collected++] = switch (result) {
                case ChunkWorker.Known known -> known.entry();
                case ChunkWorker.Sealed sealed -> store(sealed);
            };
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
    }

    private Future<ChunkWorker.Result> submit(Chunk chunk) {
        return cores.submit(() -> {
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
        });
    }

    /** A chunk that was sealed twice, because it came twice within a moment, is stored once. */
    private synchronized int store(ChunkWorker.Sealed sealed) throws IOException {
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
