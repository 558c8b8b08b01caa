package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.files.TarExtractor.Existing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives whose entries lie below one name, as the engine of containers makes and takes them, and parts of such archives. */
class TarRootTest {
    private static final TarRoot ROOT = TarRoot.below("volume");

    @TempDir
    Path folder = Path.of("");

    private Path tree = folder;
    private Path out = folder;

    @BeforeEach
    void prepare() throws Exception {
        tree = Files.createDirectory(folder.resolve("tree"));
        out = Files.createDirectory(folder.resolve("out"));
        Shell.run(tree, """
                mkdir -p a/b c d; echo 1 > a/one; ln a/one c/also; ln a/one c/too; echo 2 > a/b/two; ln -s one a/link
                truncate -s 3M d/sparse; printf end >> d/sparse; head -c 200000 /dev/urandom > d/random; : > d/empty
                chmod 2750 c; touch -d '2001-02-03 04:05:06.123456789' c/also c d/random; echo 5 > $'d/caf\\xe9'
                """);
    }

    private byte[] written() throws IOException {
        try (FolderSource source = FolderSource.ofContainerFiles(new HostFolder(tree.toString()), ROOT);
                InputStream in = source.next().orElseThrow().source().open()) {
            return in.readAllBytes();
        }
    }

    private static TarArchive archive(byte[] bytes) {
        return new TarArchive(() -> new ByteArrayInputStream(bytes), ROOT);
    }

    private TarPlace here() {
        return new TarPlace(new HostFolder(out.toString()), "");
    }

    private static byte[] excerpt(byte[] archive, String... paths) throws IOException {
        try (InputStream in = TarExcerpt.of(archive(archive), TarSelection.of(List.of(paths)))) {
            return in.readAllBytes();
        }
    }

    private void extractedByTar(byte[] archive) throws Exception {
        Files.write(folder.resolve("archive"), archive);
        Shell.run(out, "tar --xattrs -xpf ../archive");
    }

    private static String listing(Path of) throws Exception {
        return Shell.run(
                of,
                "find . -printf '%P %y %m %n %T@ %l\\n' | LC_ALL=C sort; find . -type f | LC_ALL=C sort | xargs -d '\\n' md5sum");
    }

    @Test
    void anotherTarFindsAllBelowTheRoot() throws Exception {
        extractedByTar(written());
        assertThat(listing(out.resolve("volume"))).isEqualTo(listing(tree));
        assertThat(Shell.run(out, "du -k volume/d/sparse | cut -f1"))
                .satisfies(size -> assertThat(Long.parseLong(size.strip())).isLessThan(200));
    }

    @Test
    void theRootIsTakenAwayWhenItIsExtracted() throws Exception {
        ExtractionReport report =
                TarExtractor.extract(archive(written()), here(), Existing.REPLACE, TarSelection.of(List.of()));
        assertThat(report.warnings()).isEmpty();
        assertThat(listing(out)).isEqualTo(listing(tree));
        List<String> paths = new ArrayList<>();
        TarExtractor.list(new ByteArrayInputStream(written()), ROOT, entry -> paths.add(entry.path() + entry.link()));
        assertThat(paths).contains("./", "a/", "a/one", "c/alsoa/one", "a/linkone", "d/caf\\xe9");
    }

    @Test
    void whatLiesBesideTheRootIsRefused() throws Exception {
        byte[] beside;
        try (FolderSource source =
                        FolderSource.ofContainerFiles(new HostFolder(tree.toString()), TarRoot.below("volumes"));
                InputStream in = source.next().orElseThrow().source().open()) {
            beside = in.readAllBytes();
        }
        assertThatThrownBy(() ->
                        TarExtractor.extract(archive(beside), here(), Existing.REPLACE, TarSelection.of(List.of())))
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining("does not lie below volume");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void oneFileGetsItsName() throws Exception {
        Shell.run(folder, "echo single > volume; tar -cf archive volume");
        byte[] single = Files.readAllBytes(folder.resolve("archive"));
        TarArchive archive = new TarArchive(() -> new ByteArrayInputStream(single), ROOT.named("hosts"));
        TarExtractor.extract(archive, here(), Existing.REFUSE, TarSelection.of(List.of()));
        assertThat(out.resolve("hosts")).hasContent("single\n");
    }

    @Test
    void anExcerptOfAllIsAll() throws Exception {
        extractedByTar(excerpt(written()));
        assertThat(listing(out.resolve("volume"))).isEqualTo(listing(tree));
    }

    @Test
    void anExcerptHasWhatIsSelectedAndTheFoldersAbove() throws Exception {
        extractedByTar(excerpt(written(), "a/b", "d/random", "d/nobody"));
        assertThat(Shell.run(out, "find . -type f | sort; find . -type d | sort"))
                .isEqualTo("./volume/a/b/two\n./volume/d/random\n.\n./volume\n./volume/a\n./volume/a/b\n./volume/d\n");
        Shell.run(folder, "cmp tree/d/random out/volume/d/random; test tree/d/random -nt tree/a || true");
        assertThat(Shell.run(out.resolve("volume"), "stat -c '%y %a' d/random a"))
                .isEqualTo(Shell.run(tree, "stat -c '%y %a' d/random a"));
    }

    @Test
    void aFurtherNameInAnExcerptCarriesTheContent() throws Exception {
        extractedByTar(excerpt(written(), "c"));
        assertThat(Shell.run(out.resolve("volume"), "find . -type f -printf '%p %n\\n' | sort; cat c/too"))
                .isEqualTo("./c/also 2\n./c/too 2\n1\n");
        assertThat(Shell.run(out.resolve("volume"), "stat -c '%y %a' c c/also"))
                .isEqualTo(Shell.run(tree, "stat -c '%y %a' c c/also"));
    }
}
