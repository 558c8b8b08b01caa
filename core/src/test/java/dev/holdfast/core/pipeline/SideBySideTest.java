package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("InputStreamSlowMultibyteRead") // a byte or none is all they have
class SideBySideTest {
    private static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void streamsComeBackInTheOrderOfTheSourceWhoeverEndsFirst(int sideBySide) throws IOException {
        TestRepository test = TestRepository.inMemory();
        byte[] shared = noise(99, 6_000_000);
        byte[][] contents = {
            noise(1, 40_000_000), new byte[0], shared, noise(2, 1), shared, noise(3, 20_000_000), noise(4, 5_000)
        };
        MemorySource source = MemorySource.of(contents);
        source.sideBySide = sideBySide;
        BackupResult result = test.backup(source);
        Map<String, byte[]> restored = test.restore(result.snapshot());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < contents.length; i++) {
            names.add("stream-" + i);
            assertThat(restored.get("stream-" + i)).isEqualTo(contents[i]);
        }
        assertThat(restored.keySet()).containsExactlyElementsOf(names);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();

        BackupResult again = test.backup(contents);
        assertThat(again.newChunks()).isZero();
        assertThat(again.chunks()).isEqualTo(result.chunks());
    }

    /** Each waits for the other to be read: one after the other would never end. */
    @Test
    void streamsAreReadAtTheSameTime() throws IOException {
        TestRepository test = TestRepository.inMemory();
        CountDownLatch both = new CountDownLatch(2);
        List<NamedStream> streams = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            streams.add(new NamedStream(name, () -> new InputStream() {
                private boolean given;

                @Override
                public int read() throws IOException {
                    both.countDown();
                    try {
                        if (!both.await(30, TimeUnit.SECONDS)) {
                            throw new IOException("nobody read the other");
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    int next = given ? -1 : 7;
                    given = true;
                    return next;
                }
            }));
        }
        MemorySource source = new MemorySource(streams);
        source.sideBySide = 2;
        assertThat(test.restore(test.backup(source).snapshot()).keySet()).containsExactly("a", "b");
    }

    @Test
    void theFirstThatFailsStopsThoseThatWait() throws IOException {
        TestRepository test = TestRepository.inMemory();
        CountDownLatch closed = new CountDownLatch(1);
        AtomicBoolean wentOn = new AtomicBoolean();
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                throw new IOException("closed");
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new DumpFailedException("it broke");
            }
        };
        MemorySource source = new MemorySource(List.of(
                new NamedStream("silent", () -> silent),
                new NamedStream("broken", () -> broken),
                new NamedStream("never", () -> {
                    wentOn.set(true);
                    return new ByteArrayInputStream(new byte[1]);
                })));
        source.sideBySide = 2;
        assertThatThrownBy(() -> test.backup(source))
                .isInstanceOf(DumpFailedException.class)
                .hasMessage("it broke");
        assertThat(wentOn).isFalse();
        assertThat(source.closed).isTrue();
        assertThat(test.memory().objects()).as("only the descriptor is left").hasSize(1);
    }
}
