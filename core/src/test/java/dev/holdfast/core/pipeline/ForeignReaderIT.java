package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.repository.WriteVectors;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FORMAT.md suffices: a program that knows nothing else reads what Holdfast wrote, and refuses what was changed. */
class ForeignReaderIT {
    private static final Path VECTORS = Path.of("src/test/resources/vectors/format-1");
    private static final List<String> KEPT = List.of("1f78d55e6985472b", "937ad4360d97c27d", "1cf5aa4785762a0e");

    @TempDir
    private Path folder;

    private ForeignReader reader;

    ForeignReaderIT() throws IOException {
        reader = ForeignReader.find();
    }

    @BeforeEach
    void copyTheVectors() throws IOException {
        copy(VECTORS, folder.resolve("vectors"));
    }

    private Path vectors() {
        return folder.resolve("vectors/repository");
    }

    private Path key(String name) {
        return folder.resolve("vectors").resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x25519.key", "master.key"})
    void readsTheKeptRepository(String keyFile) throws IOException {
        ForeignReader.Result list = reader.list(vectors(), key(keyFile));
        assertThat(list.errors()).isEmpty();
        assertThat(list.output()).contains(KEPT);
        for (String snapshot : KEPT) {
            assertSame(
                    reader.streams(vectors(), key(keyFile), snapshot, folder.resolve(snapshot)), WriteVectors.STREAMS);
        }
    }

    @ParameterizedTest
    @EnumSource(Chunking.class)
    void readsWhatThePipelineWroteJustNow(Chunking chunking) throws IOException {
        Path root = Files.createDirectory(folder.resolve("fresh"));
        SecureRandom random = new SecureRandom();
        Identity identity = chunking == Chunking.FIXED ? MasterKey.generate(random) : X25519Identity.generate(random);
        Path keyFile =
                Files.writeString(folder.resolve("fresh.key"), "# both kinds\n\n" + identity.secretText() + "\n");
        TestRepository test = new TestRepository(new LocalDriver(root), identity, chunking);
        byte[] large = noise(1, 34_000_000);
        Map<String, Map<String, byte[]>> expected = new LinkedHashMap<>();
        for (String codec : List.of("none", "zstd", "gzip")) {
            byte[][] streams = {large, rows(codec, 5_000_000), new byte[0], noise(codec.hashCode(), 100_000)};
            MemorySource source = MemorySource.of(streams);
            source.evidence = Map.of("remarks", "row ".repeat(1_100_000));
            BackupResult backup = test.backup(source, BackupSettings.defaults().with(Compression.parse(codec)));
            Map<String, byte[]> named = new LinkedHashMap<>();
            for (byte[] stream : streams) {
                named.put("stream-" + named.size(), stream);
            }
            expected.put(backup.snapshot().snapshot().hex(), named);
            assertThat(backup.snapshot().packs()).as("packs").hasSizeGreaterThan(1);
            assertThat(backup.snapshot().runs())
                    .as("runs: the large stream is reused")
                    .hasSize(codec.equals("none") ? 1 : 2);
            assertThat(Files.size(root.resolve(backup.snapshot().key().text())))
                    .as("more than one recipe segment")
                    .isGreaterThan(4_300_000);
        }
        for (Map.Entry<String, Map<String, byte[]>> snapshot : expected.entrySet()) {
            Path into = folder.resolve(snapshot.getKey());
            assertSame(reader.streams(root, keyFile, snapshot.getKey(), into), snapshot.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"descriptor", "snapshots/source-zstd", "packs/source-zstd"})
    void refusesAFlippedBit(String below) throws IOException {
        Path object = only(vectors().resolve(below));
        byte[] good = Files.readAllBytes(object);
        // a restore reads neither the table nor the footer of a pack, which are its last 101 bytes and some
        int length = below.startsWith("packs") ? good.length - 200 : good.length;
        for (int at = 0; at < length; at += length / 6) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(object, bad);
            assertRefused(below + " with byte " + at + " of " + good.length + " changed", "x25519.key", at);
        }
        Files.write(object, java.util.Arrays.copyOf(good, good.length - 1));
        assertRefused(below + " cut by a byte", "x25519.key", good.length);
        Files.delete(object);
        assertRefused(below + " deleted", "x25519.key", good.length + 1);
    }

    @Test
    void refusesASnapshotUnderAnotherName() throws IOException {
        Path object = only(vectors().resolve("snapshots/source-zstd"));
        Files.move(object, object.resolveSibling("20991119T020100Z-937ad4360d97c27d"));
        assertRefused("a snapshot under another time", "master.key", 0);
    }

    @Test
    void refusesAnotherKey() throws IOException {
        Files.writeString(
                key("other.key"), X25519Identity.generate(new SecureRandom()).secretText() + "\n");
        assertRefused("another key", "other.key", 0);
        Files.writeString(key("typo.key"), Files.readString(key("x25519.key")).replaceFirst("(?<=:)..", "00"));
        assertRefused("a mistyped key", "typo.key", 1);
    }

    private void assertRefused(String what, String keyFile, int number) throws IOException {
        Path into = folder.resolve("refused-" + number);
        ForeignReader.Result result = reader.write(vectors(), key(keyFile), "937ad4360d97c27d", into);
        assertThat(result.exitCode()).as("exit code with %s", what).isEqualTo(1);
        // Python's own words would mean that it stumbled instead of looking
        assertThat(result.errors()).as("errors with %s", what).doesNotContain("Traceback");
        assertThat(result.output()).as("whole streams with %s", what).doesNotContain("shop.dump");
        assertThat(into.resolve("1")).as("file with %s", what).doesNotExist();
    }

    private static Path only(Path below) throws IOException {
        try (Stream<Path> files = Files.list(below)) {
            return files.sorted().findFirst().orElseThrow();
        }
    }

    private static void assertSame(Map<String, byte[]> found, Map<String, byte[]> expected) {
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, bytes) -> assertThat(java.util.Arrays.equals(found.get(name), bytes))
                .as(name)
                .isTrue());
    }

    private static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] rows(String label, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append(label).append('|').append(i).append("|čaj\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }
}
