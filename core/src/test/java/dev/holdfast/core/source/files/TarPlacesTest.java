package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.NamedStream;
import dev.holdfast.core.source.files.TarExtractor.Existing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the parts of folders go, and how their paths are named. */
class TarPlacesTest {
    @TempDir
    private Path folder;

    private Path tree;
    private Path out;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        tree = Files.createDirectory(folder.resolve("tree"));
        out = folder.resolve("out");
        Shell.run(tree, "mkdir -p a/b c; echo 1 > a/one; ln a/one c/also; ln a/one c/too; echo 2 > a/b/two");
    }

    private static TarArchive archive(Path of) throws IOException {
        FolderSource source = new FolderSource(new HostFolder(of.toString()), PathRules.ALL, Mounts.STAY);
        try (InputStream in = source.next().orElseThrow().source().open()) {
            byte[] bytes = in.readAllBytes();
            return new TarArchive(() -> new ByteArrayInputStream(bytes));
        }
    }

    private TarPlace place(String below) {
        return new TarPlace(new HostFolder(out.toString()), below);
    }

    @Test
    void aFurtherNameComesBackWithoutTheFirst() throws Exception {
        ExtractionReport report = TarExtractor.extract(
                archive(tree), place("x/y"), Existing.REFUSE, TarSelection.of(List.of("c/also", "c/too")));
        assertThat(report.warnings()).isEmpty();
        assertThat(report.entries()).isEqualTo(2);
        assertThat(Shell.run(out, "find . -type f -printf '%p %n\\n' | sort; cat x/y/c/too"))
                .isEqualTo("./x/y/c/also 2\n./x/y/c/too 2\n1\n");
        assertThat(Shell.run(out, "stat -c %Y x/y/c")).isEqualTo(Shell.run(tree, "stat -c %Y c"));
    }

    @Test
    void nothingSelectedIsNothingMade() throws IOException {
        ExtractionReport report = TarExtractor.extract(
                archive(tree), place("x"), Existing.REFUSE, TarSelection.of(List.of("a/nobody", "d")));
        assertThat(report.entries()).isZero();
        assertThat(report.unmatched()).containsExactly("a/nobody", "d");
        assertThat(out).doesNotExist();
    }

    @Test
    void aLinkBelowTheTargetIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(Files.createDirectory(out).resolve("x"), outside);
        assertThatThrownBy(() ->
                        TarExtractor.extract(archive(tree), place("x/y"), Existing.REPLACE, TarSelection.of(List.of())))
                .isInstanceOf(TarFormatException.class);
        assertThat(outside).isEmptyDirectory();
        assertThatThrownBy(() -> place("../x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPreviewNamesWhatIsReplaced() throws Exception {
        TarArchive archive = archive(tree);
        assertThat(place("").isEmpty()).isTrue();
        TarPreview nothing = TarPreview.of(archive, place("x"), TarSelection.of(List.of()));
        assertThat(nothing.replaced()).isZero();
        assertThat(nothing.entries()).isEqualTo(8);
        Shell.run(folder, "mkdir -p out/x/a out/x/c/also; echo mine > out/x/a/one; ln -s / out/x/a/b");
        assertThat(place("").isEmpty()).isFalse();
        TarPreview some = TarPreview.of(archive, place("x"), TarSelection.of(List.of("a", "c/also", "d")));
        assertThat(some.firstReplaced()).containsExactlyInAnyOrder("a/b/", "a/one", "c/also");
        assertThat(some.unmatched()).containsExactly("d");
        assertThat(out.resolve("x/a/one")).hasContent("mine\n");
    }

    @Test
    void aFileIsThereUntilTheNewOneIsWhole() throws Exception {
        Shell.run(tree, "head -c 1000000 /dev/urandom > a/one");
        byte[] whole;
        try (InputStream in = archive(tree).source().open()) {
            whole = in.readAllBytes();
        }
        TarArchive cut = new TarArchive(() -> new ByteArrayInputStream(whole, 0, 500_000));
        Shell.run(folder, "mkdir -p out/a/b; echo mine > out/a/one; echo mine > out/a/b/two; mkdir -p out/c/too");
        assertThatThrownBy(
                        () -> TarExtractor.extract(cut, place(""), Existing.REPLACE, TarSelection.of(List.of("a/one"))))
                .isInstanceOf(TarFormatException.class);
        assertThat(Shell.run(out, "cat a/one; ls -A a")).isEqualTo("mine\nb\none\n");
        assertThatThrownBy(
                        () -> TarExtractor.extract(cut, place("x"), Existing.REFUSE, TarSelection.of(List.of("a/one"))))
                .isInstanceOf(TarFormatException.class);
        assertThat(out.resolve("x/a")).as("no half file").isEmptyDirectory();
        TarExtractor.extract(archive(tree), place(""), Existing.REPLACE, TarSelection.of(List.of()));
        Shell.run(folder, "diff -r tree out --exclude x");
        assertThat(Shell.run(out, "stat -c %h a/one")).isEqualTo("3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../a", "a/..", "a/../b", "/.."})
    void aSelectionLeadsNowhereElse(String path) {
        assertThatThrownBy(() -> TarSelection.of(List.of(path))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyNameIsReadAsItIsShown() {
        for (int first = 1; first < 256; first++) {
            for (int second = 1; second < 256; second++) {
                String name = "a" + (char) first + (char) second + "\u00e2\u0080\u00ae\\x41";
                String shown = ByteNames.display(name);
                assertThat(ByteNames.ofDisplay(shown)).isEqualTo(name);
                assertThat(shown.chars().noneMatch(Character::isISOControl)).isTrue();
            }
        }
        assertThat(ByteNames.ofDisplay("back\\slash")).isEqualTo("back\\slash");
    }

    @ParameterizedTest
    @CsvSource({"/a//b/./c/,/a/b/c", "x,/here/x", "/,/", ".,/here", "./x/,/here/x"})
    void aFolderIsNamedAsItIsWritten(String text, String path) {
        assertThat(HostFolder.written(text, "/here").path()).isEqualTo(path);
    }

    @Test
    void aFolderHoldsWhatLiesInIt() {
        HostFolder home = new HostFolder("/home");
        assertThat(home.holds(new HostFolder("/homes"))).isFalse();
        assertThat(home.pathTo(new HostFolder("/home/me"))).isEqualTo("me");
        assertThat(home.pathTo(home)).isEmpty();
        assertThat(new HostFolder("/").pathTo(home)).isEqualTo("home");
        assertThat(new HostFolder("/").holds(new HostFolder("/"))).isTrue();
    }

    @Test
    void anInnerFolderIsKeptInItsOwnStreamAlone() throws Exception {
        Shell.run(tree, "mkdir 'a/[x]*'; echo 3 > 'a/[x]*/three'; mkdir a/xx; echo 4 > a/xx/four");
        HostFolder whole = new HostFolder(tree.toString());
        HostFolder inner = new HostFolder(tree + "/a/[x]*");
        List<String> found = new ArrayList<>();
        try (FoldersSource source = new FoldersSource(List.of(inner, whole), List.of(), List.of("two"), Mounts.CROSS)) {
            for (Optional<NamedStream> stream = source.next(); stream.isPresent(); stream = source.next()) {
                try (InputStream in = stream.get().source().open()) {
                    TarExtractor.list(in, TarRoot.NONE, entry -> found.add(entry.path()));
                }
            }
            assertThat(found).contains("three", "a/xx/four", "a/[x]*/").doesNotContain("a/[x]*/three", "a/b/two");
            assertThat(source.evidence().get("folders"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                    .extracting(one -> one.get("stream"))
                    .containsExactly("folders" + inner + ".tar", "folders" + whole + ".tar");
        }
    }
}
