package dev.holdfast.core.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
    private static final int MIN = FastCdc.MIN_BYTES;
    private static final int MAX = Chunking.MAX_BYTES;

    /** With zeros the hash is always zero: a cut wherever one may be. */
    private static final long[] CUTS_ALWAYS = new long[256];

    /** 2h + 2^63 is 2^63 again: the top bit is always set. */
    private static final long[] CUTS_NEVER = filled(Long.MIN_VALUE);

    private static long[] filled(long value) {
        long[] gear = new long[256];
        Arrays.fill(gear, value);
        return gear;
    }

    private static long[] gear(long seed) {
        return new Random(seed).longs(256).toArray();
    }

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Gives as few bytes at a time as it likes, as pipes do. */
    private static InputStream stuttering(byte[] content, Random random) {
        return new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };
    }

    private static List<byte[]> cut(InputStream in, Chunking chunking, long[] gear) throws IOException {
        List<byte[]> chunks = new ArrayList<>();
        try (ChunkReader reader = new ChunkReader(in, chunking, gear, new SlabPool(2))) {
            for (Optional<Chunk> next = reader.next(); next.isPresent(); next = reader.next()) {
                Chunk chunk = next.get();
                chunks.add(Arrays.copyOfRange(chunk.bytes(), chunk.offset(), chunk.offset() + chunk.length()));
                chunk.release();
            }
            assertThat(reader.next()).as("an end stays an end").isEmpty();
        }
        return chunks;
    }

    private static List<Integer> lengths(int length, Chunking chunking, long[] gear) throws IOException {
        return cut(new ByteArrayInputStream(new byte[length]), chunking, gear).stream()
                .map(chunk -> chunk.length)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Chunking.class)
    void chunksAreTheInputAndItsContentAloneDecides(Chunking chunking) throws IOException {
        for (long seed = 1; seed <= 12; seed++) {
            Random random = new Random(seed);
            byte[] content = noise(random, random.nextInt(24_000_000));
            List<byte[]> chunks = cut(stuttering(content, random), chunking, gear(seed));
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            chunks.forEach(joined::writeBytes);
            assertThat(Arrays.equals(joined.toByteArray(), content))
                    .as("seed %d", seed)
                    .isTrue();
            for (byte[] chunk : chunks.subList(0, Math.max(0, chunks.size() - 1))) {
                assertThat(chunk.length).as("seed %d", seed).isBetween(chunking == Chunking.FIXED ? MAX : MIN + 1, MAX);
            }
            List<byte[]> again = cut(new ByteArrayInputStream(content), chunking, gear(seed));
            assertThat(again.stream().map(chunk -> chunk.length).toList())
                    .as("seed %d, read in other pieces", seed)
                    .isEqualTo(chunks.stream().map(chunk -> chunk.length).toList());
        }
    }

    @Test
    void cutsComeBackAfterAnInsertion() throws IOException {
        for (long seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            byte[] content = noise(random, 16_000_000);
            byte[] start = noise(random, 1 + random.nextInt(2_000_000));
            byte[] longer = Arrays.copyOf(start, start.length + content.length);
            System.arraycopy(content, 0, longer, start.length, content.length);
            List<byte[]> before = cut(new ByteArrayInputStream(content), Chunking.CONTENT_DEFINED, gear(seed));
            List<byte[]> after = cut(new ByteArrayInputStream(longer), Chunking.CONTENT_DEFINED, gear(seed));
            int same = 0;
            while (same < Math.min(before.size(), after.size())
                    && Arrays.equals(before.get(before.size() - 1 - same), after.get(after.size() - 1 - same))) {
                same++;
            }
            assertThat(same)
                    .as("seed %d: chunks of %d that are the same", seed, before.size())
                    .isGreaterThan(before.size() / 2);
        }
    }

    @Test
    void sizesAtTheEdges() throws IOException {
        assertThat(lengths(0, Chunking.FIXED, CUTS_ALWAYS)).isEmpty();
        assertThat(lengths(MAX - 1, Chunking.FIXED, CUTS_ALWAYS)).containsExactly(MAX - 1);
        assertThat(lengths(MAX, Chunking.FIXED, CUTS_ALWAYS)).containsExactly(MAX);
        assertThat(lengths(MAX + 1, Chunking.FIXED, CUTS_ALWAYS)).containsExactly(MAX, 1);
        assertThat(lengths(0, Chunking.CONTENT_DEFINED, CUTS_ALWAYS)).isEmpty();
        assertThat(lengths(1, Chunking.CONTENT_DEFINED, CUTS_ALWAYS)).containsExactly(1);
        assertThat(lengths(MIN, Chunking.CONTENT_DEFINED, CUTS_ALWAYS)).containsExactly(MIN);
        assertThat(lengths(MIN + 1, Chunking.CONTENT_DEFINED, CUTS_ALWAYS)).containsExactly(MIN + 1);
        assertThat(lengths(MIN + 2, Chunking.CONTENT_DEFINED, CUTS_ALWAYS)).containsExactly(MIN + 1, 1);
        assertThat(lengths(MAX - 1, Chunking.CONTENT_DEFINED, CUTS_NEVER)).containsExactly(MAX - 1);
        assertThat(lengths(MAX, Chunking.CONTENT_DEFINED, CUTS_NEVER)).containsExactly(MAX);
        assertThat(lengths(2 * MAX + 1, Chunking.CONTENT_DEFINED, CUTS_NEVER)).containsExactly(MAX, MAX, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 8})
    void slabsAreChangedAtEveryMultiple(int slabs) throws IOException {
        int length = slabs * SlabPool.SLAB_BYTES + 1;
        List<Integer> lengths = lengths(length, Chunking.FIXED, CUTS_ALWAYS);
        assertThat(lengths).hasSize(slabs * SlabPool.SLAB_BYTES / MAX + 1);
        assertThat(lengths.getLast()).isEqualTo(1);
    }

    @Test
    void aGearTableHas256Values() {
        assertThatThrownBy(() -> Chunking.CONTENT_DEFINED.cutter(new long[255]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Chunking.of("rabin")).hasMessageContaining("rabin");
    }

    @Test
    void aReaderThatWaitsForMemoryCanBeInterrupted() throws IOException {
        SlabPool pool = new SlabPool(2);
        try (ChunkReader reader =
                new ChunkReader(new ByteArrayInputStream(new byte[60_000_000]), Chunking.FIXED, CUTS_ALWAYS, pool)) {
            for (int i = 0; i < 2 * SlabPool.SLAB_BYTES / MAX; i++) {
                assertThat(reader.next())
                        .as("chunk %d, which nobody releases", i)
                        .isPresent();
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(reader::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        }
    }

    @Test
    void slabsAreCounted() throws Exception {
        assertThatThrownBy(() -> new SlabPool(1)).isInstanceOf(IllegalArgumentException.class);
        SlabPool pool = new SlabPool(2);
        SlabPool.Slab first = pool.take();
        SlabPool.Slab second = pool.take();
        assertThat(first.bytes()).hasSize(SlabPool.SLAB_BYTES).isNotSameAs(second.bytes());
        Thread.currentThread().interrupt();
        assertThatThrownBy(pool::take).as("both are in use").isInstanceOf(InterruptedException.class);
        Chunk chunk = new Chunk(first, 0, 1);
        first.release();
        Thread.currentThread().interrupt();
        assertThatThrownBy(pool::take).as("a chunk holds it").isInstanceOf(InterruptedException.class);
        chunk.release();
        assertThat(pool.take().bytes()).isSameAs(first.bytes());
        assertThatThrownBy(chunk::release).hasMessageContaining("twice");
    }
}
