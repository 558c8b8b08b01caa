package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.files.FileStatus.FileTime;
import dev.holdfast.core.source.files.TarHeaders.Entry;
import dev.holdfast.core.source.files.TarHeaders.Sparse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CheckedTarTest {
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

    private static void entry(ByteArrayOutputStream out, String path, char type, int size) {
        FileStatus status =
                new FileStatus(0100644, 1, 2, 1, size, 1, 1, 0, 0, 0, new FileTime(1, 0), new FileTime(1, 0));
        HEADERS.append(new Entry(path, type, status, size, "", Map.of(), Sparse.NONE), out);
        out.writeBytes(new byte[size + TarHeaders.padding(size)]);
    }

    private static byte[] archive() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entry(out, "top/", '5', 0);
        entry(out, "top/" + "long".repeat(60), '0', 200_000);
        entry(out, "top/fifo", '6', 0);
        entry(out, "top/last", '0', 700);
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    private static CheckedTar checked(byte[] archive) {
        return new CheckedTar(new ByteArrayInputStream(archive), "volume x");
    }

    @Test
    void aWholeArchivePassesUnchangedAndIsCounted() throws IOException {
        byte[] archive = archive();
        try (CheckedTar tar = checked(archive)) {
            assertThatThrownBy(tar::report).isInstanceOf(IllegalStateException.class);
            assertThat(tar.readAllBytes()).isEqualTo(archive);
            assertThat(tar.read()).isEqualTo(-1);
            TarReport report = tar.report();
            assertThat(report.count()).isEqualTo(4);
            assertThat(report.contentBytes()).isEqualTo(200_700);
            assertThat(report.archiveBytes()).isEqualTo(archive.length);
            assertThat(report.kinds())
                    .containsEntry("file", 2L)
                    .containsEntry("directory", 1L)
                    .containsEntry("fifo", 1L);
        }
    }

    @Test
    void anArchiveThatIsCutAnywhereFailsAndGoesOnFailing() throws IOException {
        byte[] archive = archive();
        for (int length = 0;
                length < archive.length;
                length += length < 4096 || length > archive.length - 4096 ? 128 : 8191) {
            try (CheckedTar tar = checked(Arrays.copyOf(archive, length))) {
                assertThatThrownBy(tar::readAllBytes)
                        .as("cut at " + length)
                        .isInstanceOf(DumpFailedException.class)
                        .hasMessageContaining("volume x");
                assertThatThrownBy(tar::read).isInstanceOf(DumpFailedException.class);
            }
        }
    }

    @Test
    void whatIsNoTarFails() {
        byte[] archive = archive();
        archive[600] ^= 1;
        assertThatThrownBy(() -> checked(archive).readAllBytes()).isInstanceOf(DumpFailedException.class);
        byte[] zeros = new byte[100 << 20];
        assertThatThrownBy(() -> checked(zeros).readAllBytes())
                .as("a tail without end")
                .isInstanceOf(DumpFailedException.class);
    }

    @Test
    void aLinkToItselfHasTheEntrysOwnName() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entry(out, "top/b\u00ffd/", '5', 0);
        out.writeBytes(new byte[1024]);
        TarEntry entry = checked(out.toByteArray()).nextEntry().orElseThrow();
        assertThat(SelfLink.depth(entry)).isEqualTo(1);
        TarEntry link = checked(SelfLink.tar(entry)).nextEntry().orElseThrow();
        assertThat(link.kind()).isEqualTo(EntryKind.HARD_LINK);
        assertThat(link.rawPath()).isEqualTo("top/b\u00ffd").isEqualTo(link.rawLink());
    }
}
