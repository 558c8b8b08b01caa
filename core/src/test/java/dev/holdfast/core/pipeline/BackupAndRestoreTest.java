package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.WrongKeyException;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.core.storage.MemoryDriver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupAndRestoreTest {
    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ("row " + i % 9973 + ";").charAt(i % 6);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511 << 10, 512 << 10, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, 37_000_001})
    void everySizeComesBack(int length) throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] content = random(length, length);
        BackupResult result = test.backup(content);
        assertThat(result.snapshot().plaintextBytes()).isEqualTo(length);
        assertThat(Arrays.equals(test.restore(result.snapshot()).get("stream-0"), content))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Chunking.class)
    void everyCodecComesBackUnderEveryChunking(Chunking chunking) throws IOException {
        for (String codec : List.of("none", "zstd", "zstd:19", "gzip", "gzip:1")) {
            TestRepository test = new TestRepository(
                    new MemoryDriver(), MasterKey.generate(new java.security.SecureRandom()), chunking);
            byte[] content = text(9_000_000);
            BackupResult result = test.backup(Compression.parse(codec), content, random(7, 100_000));
            assertThat(Arrays.equals(test.restore(result.snapshot()).get("stream-0"), content))
                    .as(codec)
                    .isTrue();
            assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        }
    }

    @Test
    void anUnchangedSecondBackupStoresNothing() throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] content = random(1, 20_000_000);
        BackupResult first = test.backup(content);
        BackupResult second = test.backup(content);
        assertThat(second.newChunks()).isZero();
        assertThat(second.snapshot().storedBytes()).isZero();
        assertThat(second.snapshot().packs()).isEqualTo(first.snapshot().packs());
        assertThat(Arrays.equals(test.restore(second.snapshot()).get("stream-0"), content))
                .isTrue();
    }

    @Test
    void anInsertionChangesOnlyTheChunksAroundIt() throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] content = random(2, 40_000_000);
        test.backup(content);
        byte[] longer = new byte[content.length + 1];
        System.arraycopy(content, 0, longer, 0, 1000);
        System.arraycopy(content, 1000, longer, 1001, content.length - 1000);
        BackupResult second = test.backup(longer);
        assertThat(second.newChunks()).isLessThanOrEqualTo(2);
        assertThat(Arrays.equals(test.restore(second.snapshot()).get("stream-0"), longer))
                .isTrue();
    }

    @Test
    void theSameChunkTwiceInOneRunIsStoredOnce() throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] content = random(3, 3_000_000);
        BackupResult result = test.backup(content, content, content);
        assertThat(result.chunks()).isEqualTo(3 * result.newChunks());
        assertThat(test.restore(result.snapshot())).hasSize(3);
    }

    @Test
    void aDamagedPackIsNotBuiltUpon() throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] content = random(4, 5_000_000);
        BackupResult first = test.backup(content);
        test.memory()
                .delete(test.repository.packKey(
                        TestRepository.SOURCE,
                        first.snapshot().packs().getFirst().id()));
        BackupResult second = test.backup(content);
        assertThat(second.newChunks()).isEqualTo(second.chunks());
        assertThat(Arrays.equals(test.restore(second.snapshot()).get("stream-0"), content))
                .isTrue();
    }

    @Test
    void aDumpThatFailsLeavesNothing() throws IOException {
        TestRepository test = TestRepository.inMemory();
        test.backup(random(5, 1_000_000));
        int before = test.memory().objects().size();
        InputStream dying = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new DumpFailedException("pg_dump ended with exit code 1");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };
        MemorySource source = new MemorySource(List.of(
                new NamedStream("good", () -> new ByteArrayInputStream(random(6, 70_000_000))),
                new NamedStream(
                        "bad", () -> new SequenceInputStream(new ByteArrayInputStream(random(8, 40_000_000)), dying))));
        assertThatThrownBy(() -> test.backup(source))
                .isInstanceOf(DumpFailedException.class)
                .hasMessageContaining("exit code 1");
        assertThat(source.closed).isTrue();
        assertThat(test.memory().objects()).hasSize(before);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
    }

    @Test
    void aSourceThatFailsToCloseHasFailedAndLeavesNothing() throws IOException {
        TestRepository test = TestRepository.inMemory();
        MemorySource source = MemorySource.of(random(13, 5_000_000));
        source.closeFailure = Optional.of(new DumpFailedException("the container could not be started again"));
        assertThatThrownBy(() -> test.backup(source)).hasMessageContaining("started again");
        assertThat(test.memory().objects()).as("only the descriptor is there").hasSize(1);
    }

    @Test
    void aCommitThatWasLostOnTheWayNeverCostsThePacks() throws IOException {
        TestRepository test = TestRepository.inMemory();
        test.memory().loseAnswersOf = "snapshots/";
        assertThatThrownBy(() -> test.backup(random(14, 5_000_000))).isInstanceOf(UncertainCommitException.class);
        test.memory().loseAnswersOf = "none";
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(test.memory().objects().keySet()).anyMatch(key -> key.text().startsWith("packs/"));
    }

    @Test
    void anotherKeyIsRefusedByName() throws IOException {
        TestRepository test = TestRepository.inMemory();
        BackupResult result = test.backup(random(9, 1000));
        X25519Identity other = X25519Identity.generate(test.random);
        assertThatThrownBy(() -> test.restore(result.snapshot(), other))
                .isInstanceOf(WrongKeyException.class)
                .hasMessageContaining("does not open");
    }

    @Test
    void forgettingKeepsWhatOthersNeed() throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] shared = random(10, 6_000_000);
        BackupResult first = test.backup(shared, random(11, 6_000_000));
        BackupResult second = test.backup(shared, random(12, 6_000_000));
        ForgetPipeline forget = new ForgetPipeline(test.repository, java.time.Clock.systemUTC());
        ForgetPipeline.Forgotten one =
                forget.forget(test.repository.readSnapshot(first.snapshot().key()), () -> {});
        assertThat(one.packs()).as("the shared pack stays").isZero();
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(Arrays.equals(test.restore(second.snapshot()).get("stream-0"), shared))
                .isTrue();
        forget.forget(test.repository.readSnapshot(second.snapshot().key()), () -> {});
        assertThat(test.memory().objects()).as("only the descriptor is left").hasSize(1);
    }
}
