package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.files.FileStatus.FileTime;
import dev.holdfast.core.source.files.TarHeaders.Entry;
import dev.holdfast.core.source.files.TarHeaders.Sparse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that want more than to be restored. */
class HostileTarTest {
    private static final TarHeaders HEADERS = new TarHeaders(new TarHeaders.Names() {
        @Override
        public Optional<String> user(long uid) {
            return Optional.empty();
        }

        @Override
        public Optional<String> group(long gid) {
            return Optional.empty();
        }
    });

    @TempDir
    private Path folder;

    private Path target;
    private Path outside;

    @BeforeEach
    void prepare() throws IOException {
        target = Files.createDirectory(folder.resolve("target"));
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "untouched");
    }

    private static void add(ByteArrayOutputStream tar, char type, String path, String link, String content) {
        FileStatus status = new FileStatus(0777, 0, 0, 1, 0, 0, 0, 0, 0, 0, new FileTime(1, 0), new FileTime(1, 0));
        HEADERS.append(new Entry(path, type, status, content.length(), link, Map.of(), Sparse.NONE), tar);
        tar.writeBytes(content.getBytes(StandardCharsets.ISO_8859_1));
        TarHeaders.pad(tar, content.length());
    }

    private static byte[] ended(ByteArrayOutputStream tar) {
        tar.writeBytes(new byte[1024]);
        return tar.toByteArray();
    }

    private void extract(byte[] tar, TarExtractor.Existing existing) throws IOException {
        TarExtractor.extract(new ByteArrayInputStream(tar), new HostFolder(target.toString()), existing, List.of());
    }

    private void assertRefused(byte[] tar) throws IOException {
        for (TarExtractor.Existing existing : TarExtractor.Existing.values()) {
            assertThatThrownBy(() -> extract(tar, existing)).isInstanceOf(TarFormatException.class);
        }
        assertThat(outside).isDirectoryNotContaining(path -> !path.endsWith("secret"));
        assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("untouched");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/absolute",
                "..",
                "../outside/x",
                "a/../../outside/x",
                "a/..",
                "./../outside/x",
                "a//../../outside/x"
            })
    void pathsThatLeadOutAreRefused(String path) throws IOException {
        for (char type : new char[] {'0', '2', '5', '6'}) {
            ByteArrayOutputStream tar = new ByteArrayOutputStream();
            add(tar, type, path, type == '2' ? "x" : "", "");
            assertRefused(ended(tar));
        }
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '1', "link", path, "");
        assertRefused(ended(tar));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/", "."})
    void nothingIsWrittenThroughALinkOfTheSameArchive(String aim) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '2', "link", aim.equals("/") ? outside.toString() : aim, "");
        add(tar, '0', "link/written", "", "bad");
        assertRefused(Arrays.copyOf(ended(tar), tar.size()));
    }

    @Test
    void aFileIsNotWrittenThroughALinkInItsPlace() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '2', "link", "../outside/secret", "");
        add(tar, '0', "link", "", "bad");
        byte[] bytes = ended(tar);
        assertThatThrownBy(() -> extract(bytes, TarExtractor.Existing.REFUSE)).hasMessageContaining("exists");
        extract(bytes, TarExtractor.Existing.REPLACE);
        assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("untouched");
        assertThat(Files.readString(target.resolve("link"))).isEqualTo("bad");
        assertThat(target.resolve("link")).isRegularFile().matches(path -> !Files.isSymbolicLink(path));
    }

    @Test
    void aFolderIsNotMadeOfALinkToOne() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '2', "link", "../outside", "");
        add(tar, '5', "link", "", "");
        byte[] bytes = ended(tar);
        assertThatThrownBy(() -> extract(bytes, TarExtractor.Existing.REFUSE)).hasMessageContaining("exists");
    }

    @Test
    void aFolderSwappedForALinkDoesNotCarryItsModeOut() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '5', "d", "", "");
        add(tar, '2', "d", "../outside", "");
        var before = Files.getPosixFilePermissions(outside);
        byte[] bytes = ended(tar);
        assertThatThrownBy(() -> extract(bytes, TarExtractor.Existing.REPLACE)).isInstanceOf(TarFormatException.class);
        assertThat(Files.getPosixFilePermissions(outside)).isEqualTo(before);
    }

    @Test
    void hardLinksDoNotReachThroughLinks() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '2', "link", "../outside", "");
        add(tar, '1', "stolen", "link/secret", "");
        assertRefused(ended(tar));
        assertThat(target.resolve("stolen")).doesNotExist();
    }

    @Test
    void aHardLinkToASymbolicLinkIsTheLinkItself() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '2', "link", "../outside/secret", "");
        add(tar, '1', "second", "link", "");
        extract(ended(tar), TarExtractor.Existing.REFUSE);
        assertThat(target.resolve("second")).isSymbolicLink();
    }

    @Test
    void aLinkThatStoodInTheTargetIsNotFollowed() throws IOException {
        Files.createSymbolicLink(target.resolve("data"), outside);
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '0', "data/written", "", "bad");
        assertRefused(ended(tar));
    }

    @Test
    void aCutArchiveIsRefusedAtEveryLength() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '0', "a", "", "content");
        add(tar, '0', "n".repeat(200), "", "x".repeat(600));
        byte[] whole = ended(tar);
        for (int length = 0; length < whole.length; length += 128) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> extract(cut, TarExtractor.Existing.REPLACE))
                    .as("cut at %d", cut.length)
                    .isInstanceOf(TarFormatException.class)
                    .hasMessageContaining("cut");
        }
        extract(whole, TarExtractor.Existing.REPLACE);
    }

    @Test
    void anyChangedByteOfAHeaderIsNoticed() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, '0', "a", "", "content");
        byte[] whole = ended(tar);
        for (int at = 0; at < 512; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            boolean checksumField = at >= 148 && at < 156;
            if (!checksumField) {
                assertThatThrownBy(() -> extract(changed, TarExtractor.Existing.REPLACE))
                        .as("byte %d", at)
                        .isInstanceOf(TarFormatException.class)
                        .hasMessageContaining("checksum");
            }
        }
    }

    enum Lie {
        HUGE_FILE(record("size=999999999999999999")),
        NEGATIVE_SIZE(record("size=-5")),
        NO_NUMBER(record("size=abc")),
        WRONG_RECORD_LENGTH("99 path=x\n"),
        ZERO_RECORD_LENGTH("0 path=x\n"),
        NO_EQUALS("9 pathxx\n"),
        NUL_IN_NAME(record("path=a\0b")),
        SPARSE_WITHOUT_MAP(
                record("GNU.sparse.major=1") + record("GNU.sparse.minor=0") + record("GNU.sparse.realsize=5")),
        SPARSE_BACKWARDS(record("GNU.sparse.size=100") + record("GNU.sparse.map=50,3,0,4")),
        SPARSE_BEYOND_ITS_SIZE(record("GNU.sparse.size=6") + record("GNU.sparse.map=0,7")),
        SPARSE_OF_OTHER_LENGTH(record("GNU.sparse.size=100") + record("GNU.sparse.map=0,6")),
        SPARSE_OVERFLOW(record("GNU.sparse.size=999999999999999999")
                + record("GNU.sparse.map=999999999999999999,999999999999999999")),
        TIME_OF_NOWHERE(record("mtime=1e9"));

        private final String records;

        Lie(String records) {
            this.records = records;
        }

        private static String record(String text) {
            int rest = text.length() + 2;
            int length = rest + (rest > 7 ? 2 : 1);
            return length + " " + text + "\n";
        }
    }

    @Test
    void aTrueRecordIsTaken() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(
                tar,
                'x',
                "h",
                "",
                Lie.record("path=another") + Lie.record("GNU.sparse.size=100") + Lie.record("GNU.sparse.map=3,7"));
        add(tar, '0', "file", "", "content");
        extract(ended(tar), TarExtractor.Existing.REFUSE);
        assertThat(Files.readString(target.resolve("another"))).isEqualTo("\0\0\0content" + "\0".repeat(90));
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void headersThatLieAreRefused(Lie lie) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, 'x', "lie", "", lie.records);
        add(tar, '0', "file", "", "content");
        assertRefused(ended(tar));
    }

    @Test
    void anExtendedHeaderWithoutBoundsIsRefusedBeforeItIsRead() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        FileStatus status = new FileStatus(0644, 0, 0, 1, 0, 0, 0, 0, 0, 0, new FileTime(1, 0), new FileTime(1, 0));
        HEADERS.append(new Entry("x", 'x', status, 1L << 30, "", Map.of(), Sparse.NONE), tar);
        byte[] bytes = ended(tar);
        assertThatThrownBy(() -> extract(bytes, TarExtractor.Existing.REFUSE))
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void noiseNeverGivesAnythingButARefusal() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, 'x', "h", "", "11 path=ab\n");
        add(tar, '0', "file", "", "content");
        add(tar, 'x', "h", "", Lie.SPARSE_WITHOUT_MAP.records);
        add(tar, '0', "file2", "", "1\n0\n5\n" + "\0".repeat(506) + "12345");
        byte[] whole = ended(tar);
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] noisy = whole.clone();
            for (int i = 0; i < 3; i++) {
                noisy[random.nextInt(noisy.length)] = (byte) random.nextInt(256);
            }
            try {
                extract(noisy, TarExtractor.Existing.REPLACE);
            } catch (TarFormatException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }
}
