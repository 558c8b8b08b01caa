package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.source.files.FileStatus.FileTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any bytes that Linux takes for a name, at any length, come out of an archive as they went in. */
class TarNamesTest {
    private static final TarHeaders HEADERS = new TarHeaders(new TarHeaders.Names() {
        @Override
        public Optional<String> user(long uid) {
            return uid % 2 == 0 ? Optional.empty() : Optional.of(ByteNames.ofText("Jürgen"));
        }

        @Override
        public Optional<String> group(long gid) {
            return Optional.empty();
        }
    });

    /** One to many parts of 1 to 255 bytes, without NUL and slash; at times text, at times noise. */
    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        int parts = 1 + random.nextInt(random.nextInt(10) == 0 ? 20 : 3);
        for (int part = 0; part < parts; part++) {
            int length = 1 + random.nextInt(random.nextBoolean() ? 255 : 30);
            int kind = random.nextInt(3);
            name.append(part == 0 ? "" : "/").append('n');
            for (int i = 1; i < length; i++) {
                int b = switch (kind) {
                    case 0 -> 'a' + random.nextInt(26);
                    case 1 -> 1 + random.nextInt(255);
                    default -> " \n=\\\"č'".charAt(random.nextInt(6));
                };
                name.append((char) (b == '/' ? '_' : b & 0xff));
            }
        }
        return name.toString();
    }

    @Test
    void namesOfAnyBytes() throws IOException {
        for (long seed = 1; seed <= 2000; seed++) {
            Random random = new Random(seed);
            String path = name(random);
            boolean isLink = random.nextBoolean();
            String link = isLink ? name(random) : "";
            FileTime time =
                    new FileTime(random.nextLong(-5_000_000_000L, 5_000_000_000L), random.nextInt(1_000_000_000));
            FileStatus status = new FileStatus(
                    (isLink ? FileStatus.SYMBOLIC_LINK : FileStatus.REGULAR) | random.nextInt(010000),
                    random.nextLong(1L << 32),
                    random.nextLong(1L << 32),
                    1,
                    0,
                    0,
                    1,
                    1,
                    0,
                    0,
                    time,
                    time);
            ByteArrayOutputStream archive = new ByteArrayOutputStream();
            HEADERS.append(
                    new TarHeaders.Entry(path, isLink ? '2' : '0', status, 0, link, Map.of(), TarHeaders.Sparse.NONE),
                    archive);
            archive.writeBytes(new byte[2 * TarHeaders.BLOCK]);
            TarReader reader = new TarReader(new ByteArrayInputStream(archive.toByteArray()));
            TarEntry entry = reader.next().orElseThrow();
            assertThat(entry.rawPath()).as("seed %d", seed).isEqualTo(path);
            assertThat(entry.rawLink()).as("seed %d", seed).isEqualTo(link);
            assertThat(entry.status().modified()).as("seed %d", seed).isEqualTo(time);
            assertThat(entry.status().uid()).as("seed %d", seed).isEqualTo(status.uid());
            assertThat(entry.permissions()).as("seed %d", seed).isEqualTo(status.permissions());
            assertThat(reader.next()).as("seed %d", seed).isEmpty();
        }
    }
}
