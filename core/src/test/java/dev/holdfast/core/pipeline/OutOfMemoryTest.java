package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.core.storage.FaultyDriver;
import dev.holdfast.core.storage.MemoryDriver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory that ends in any of a run's threads ends the run, at once and without a snapshot; nobody waits for who is gone. */
@Timeout(60)
class OutOfMemoryTest {
    private final MemoryDriver objects = new MemoryDriver();
    private final FaultyDriver faults = new FaultyDriver(objects);
    private final TestRepository test =
            new TestRepository(faults, X25519Identity.generate(new SecureRandom()), Chunking.CONTENT_DEFINED);

    OutOfMemoryTest() throws IOException {}

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(objects.objects()).as("only the descriptor is left").hasSize(1);
        assertThat(test.restore(test.backup(noise(100_000)).snapshot())).containsEntry("stream-0", noise(100_000));
    }

    @Test
    void whereAPackIsSent() throws IOException {
        faults.exhausts = "packs/";
        assertThatThrownBy(() -> test.backup(noise(150_000_000))).isInstanceOf(OutOfMemoryError.class);
        faults.exhausts = "none";
        assertNothingIsLeft();
    }

    @Test
    void whereTheSourceIsRead() throws IOException {
        InputStream exhausted = new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError("Java heap space");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return read();
            }
        };
        MemorySource source = new MemorySource(List.of(new NamedStream(
                "big", () -> new SequenceInputStream(new ByteArrayInputStream(noise(40_000_000)), exhausted))));
        assertThatThrownBy(() -> test.backup(source)).isInstanceOf(OutOfMemoryError.class);
        assertThat(source.closed).isTrue();
        assertNothingIsLeft();
    }

    /** All chunk threads fail with the same object, as the machine does when it has none left to make another. */
    @Test
    void whereChunksAreSealed() throws IOException {
        OutOfMemoryError shared = new OutOfMemoryError("Java heap space");
        AtomicInteger calls = new AtomicInteger();
        @SuppressWarnings("serial")
        SecureRandom random = new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                if (Thread.currentThread().getName().startsWith("holdfast-chunk") && calls.incrementAndGet() > 20) {
                    throw shared;
                }
                super.nextBytes(bytes);
            }
        };
        BackupSettings settings = new BackupSettings(BackupSettings.defaults().compression(), 16, 2);
        BackupPipeline pipeline = new BackupPipeline(
                test.repository,
                test.secret,
                test.repository.recipients(List.of(test.identity)),
                test.host,
                settings,
                Clock.systemUTC(),
                random);
        assertThatThrownBy(() -> pipeline.run(
                        test.newRun(),
                        TestRepository.SOURCE,
                        MemorySource.of(noise(150_000_000)),
                        () -> {},
                        new RunProgress()))
                .isSameAs(shared);
        assertNothingIsLeft();
    }
}
