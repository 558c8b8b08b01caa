package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Reads one pack, compares it with its name, and opens the chunks that snapshots expect in it. */
final class PackCheck {
    private final Repository repository;
    private final SourceName source;
    private final PackRef pack;
    private final Map<Integer, Expected> expected = new HashMap<>();

    PackCheck(Repository repository, SourceName source, PackRef pack) {
        this.repository = repository;
        this.source = source;
        this.pack = pack;
    }

    PackRef pack() {
        return pack;
    }

    /** Notes a chunk; several snapshots may name the same one, and are expected to say the same of it. */
    void expect(ChunkRef chunk, SnapshotKeys keys) {
        expected.putIfAbsent(chunk.offset(), new Expected(chunk, keys));
    }

    void run(
            Buffers buffers,
            Optional<RepositorySecret> secret,
            Totals totals,
            List<String> problems,
            RunProgress progress)
            throws IOException {
        String name = repository.packKey(source, pack.id()).text();
        int length = Math.toIntExact(pack.bytes());
        byte[] bytes = buffers.pack(length);
        try {
            repository.readPack(source, pack.id(), new ByteRange(0, length), bytes);
            MessageDigest sha256 = ChunkIdentifier.newSha256();
            sha256.update(bytes, 0, length);
            if (!PackId.of(sha256.digest()).equals(pack.id())) {
                problems.add(name + ": its bytes do not fit its name");
                return;
            }
            if (secret.isPresent()) {
                open(name, bytes, buffers.plain, secret.get(), totals);
            }
            totals.packs.incrementAndGet();
            totals.bytes.addAndGet(length);
            progress.addRead(length);
        } catch (StorageException.Unavailable | StorageException.Denied e) {
            throw e;
        } catch (IOException e) {
            problems.add(e.getMessage());
        }
    }

    private void open(String name, byte[] bytes, byte[] out, RepositorySecret secret, Totals totals)
            throws IOException {
        Map<SnapshotKeys, ChunkOpener> openers = new HashMap<>();
        try {
            for (Expected chunk : expected.values()) {
                openers.computeIfAbsent(chunk.keys(), keys -> new ChunkOpener(keys.ciphers(), secret.chunkIdentifier()))
                        .open(name, chunk.ref(), bytes, chunk.ref().offset(), out, 0);
                totals.chunks.incrementAndGet();
            }
        } finally {
            openers.values().forEach(ChunkOpener::close);
        }
    }

    private record Expected(ChunkRef ref, SnapshotKeys keys) {}

    /** Room for one pack and one chunk, used again for the next pack. For one thread at a time. */
    static final class Buffers {
        private final byte[] plain = new byte[Chunking.MAX_BYTES];
        private byte[] pack = new byte[0];

        private byte[] pack(int length) {
            if (pack.length < length) {
                pack = new byte[length];
            }
            return pack;
        }
    }

    /** Sums over all packs, written by several threads. */
    static final class Totals {
        private final AtomicInteger packs = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong chunks = new AtomicLong();

        int packs() {
            return packs.get();
        }

        long bytes() {
            return bytes.get();
        }

        long chunks() {
            return chunks.get();
        }
    }
}
