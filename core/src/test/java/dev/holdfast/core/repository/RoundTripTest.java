package dev.holdfast.core.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.chunk.Codec;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.source.BackupSource.Consistency;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Recipes and pack tables of random content, in segments of awkward sizes, come back as they were. */
class RoundTripTest {
    private static final SecureRandom SECURE = new SecureRandom();

    private final RepositoryId repository = RepositoryId.generate(SECURE);
    private final RepositorySecret secret = RepositorySecret.generate(SECURE);
    private final HostKey host = HostKey.generate(SECURE);
    private final SnapshotId snapshot = new SnapshotId("0123456789abcdef");

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ChunkRef reference(Random random) {
        int raw = 1 + random.nextInt(4 << 20);
        int sealed = 29 + random.nextInt(raw);
        return new ChunkRef(
                noise(random, 32),
                random.nextInt(3),
                random.nextInt(4),
                random.nextInt(20_000_000),
                sealed,
                raw,
                Codec.of((byte) random.nextInt(3)));
    }

    private SnapshotHeader header(long bytes) {
        List<PackRef> packs = new ArrayList<>();
        List<RunKeys> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            packs.add(new PackRef(
                    PackId.of(new byte[] {
                        (byte) i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                        0, 0
                    }),
                    32 << 20));
            runs.add(new RunKeys(RunId.of(noise(new Random(i), RunId.BYTES)), List.of()));
        }
        return new SnapshotHeader(
                repository,
                snapshot,
                new SourceName("app"),
                "test",
                host.publicHalf().id(),
                Instant.parse("2026-11-19T02:00:00.123456789Z"),
                Instant.parse("2026-11-19T02:00:01Z"),
                Consistency.CRASH,
                bytes,
                0,
                SnapshotHeader.PacksSeen.NO,
                packs,
                runs);
    }

    @Test
    void recipesOfAnyShape() throws IOException {
        for (int segmentBytes : new int[] {1, 52, 53, 54, 1000, 4096, 1 << 20}) {
            for (long seed = 1; seed <= 6; seed++) {
                Random random = new Random(seed * segmentBytes);
                RecipeWriter writer = new RecipeWriter(secret.indexCipher(repository), snapshot, SECURE, segmentBytes);
                List<ChunkRef> chunks = new ArrayList<>();
                List<RecipeStream> streams = new ArrayList<>();
                long total = 0;
                for (int s = random.nextInt(4); s >= 0; s--) {
                    long bytes = 0;
                    int count = random.nextInt(6);
                    for (int i = 0; i < count; i++) {
                        ChunkRef chunk = reference(random);
                        writer.add(chunk);
                        chunks.add(chunk);
                        bytes += chunk.rawLength();
                    }
                    streams.add(new RecipeStream("stream č/" + s, bytes, count, "ab".repeat(32)));
                    total += bytes;
                }
                Map<String, Object> evidence = Map.of("rows", Map.of("t", seed), "text", "\"\n☕");
                byte[] object = SnapshotObject.encode(header(total), writer.finish(streams, evidence), host);
                SnapshotObject read = SnapshotObject.decode(header(total).key().text(), object);
                assertThat(read.header()).isEqualTo(header(total));
                Recipe recipe = read.recipe(secret.indexCipher(repository));
                assertThat(recipe.streams()).isEqualTo(streams);
                assertThat(recipe.evidence().get("text")).isEqualTo("\"\n☕");
                assertThat(recipe.chunkCount()).isEqualTo(chunks.size());
                for (int i = 0; i < chunks.size(); i++) {
                    assertThat(recipe.chunk(i))
                            .as("segments of %d bytes, seed %d, chunk %d", segmentBytes, seed, i)
                            .usingRecursiveComparison()
                            .isEqualTo(chunks.get(i));
                }
            }
        }
    }

    @Test
    void segmentsThatAreSwappedDroppedOrRepeatedAreRefused() {
        RecipeWriter writer = new RecipeWriter(secret.indexCipher(repository), snapshot, SECURE, 60);
        List<byte[]> good = writer.finish(List.of(), Map.of("text", "long enough for several segments".repeat(9)));
        assertThat(good).hasSizeGreaterThan(4);
        List<byte[]> swapped = new ArrayList<>(good);
        swapped.set(0, good.get(1));
        swapped.set(1, good.get(0));
        List<byte[]> repeated = new ArrayList<>(good);
        repeated.add(1, good.get(0));
        for (List<byte[]> bad : List.of(
                swapped, repeated, good.subList(1, good.size()), good.subList(0, good.size() - 1), List.<byte[]>of())) {
            byte[] object = SnapshotObject.encode(header(0), bad, host);
            assertThatThrownBy(() -> SnapshotObject.decode(header(0).key().text(), object)
                            .recipe(secret.indexCipher(repository)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void tablesOfAnyShape() throws IOException {
        IndexCipher cipher = secret.indexCipher(repository);
        PackBuilder builder = new PackBuilder(100_000);
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            RunId run = RunId.of(noise(random, RunId.BYTES));
            List<PackTable.Entry> expected = new ArrayList<>();
            for (int length = 29 + random.nextInt(5000); builder.fits(length); length = 29 + random.nextInt(5000)) {
                byte[] id = noise(random, 32);
                Codec codec = Codec.of((byte) random.nextInt(3));
                int offset = builder.add(id, noise(random, length), length, length - 28, codec);
                expected.add(new PackTable.Entry(id, offset, length, length - 28, codec));
            }
            byte[] pack;
            try (InputStream in = builder.finish(cipher, run, SECURE).body().open()) {
                pack = in.readAllBytes();
            }
            PackTable table = PackTable.open("pack", pack, cipher);
            assertThat(table.run()).isEqualTo(run);
            assertThat(table.entries()).usingRecursiveComparison().isEqualTo(expected);
            builder.reset();
            assertThat(builder.isEmpty()).isTrue();
        }
    }
}
