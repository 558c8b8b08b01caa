package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.core.source.DumpFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against GNU tar, both ways, on trees with everything a Linux file system can hold. */
class FolderTarTest {
    private static final String TREE = """
            mkdir -p plain/empty sticky links names deep sparse attributes
            echo hello > plain/hello; : > plain/nothing; head -c 1000000 /dev/urandom > plain/random
            head -c 512 /dev/urandom > plain/block; head -c 262144 /dev/urandom > plain/buffer
            chmod 1777 sticky; cp /bin/true sticky/setuid; chmod 4755 sticky/setuid; cp /bin/true sticky/setgid; chmod 2711 sticky/setgid
            chmod 0000 plain/nothing
            echo shared > links/a-first; ln links/a-first links/b-second; ln links/a-first plain/third
            ln -s a-first links/relative; ln -s /nowhere/at/all links/dangling; ln -s .. links/up
            ln -s "$(printf 'x%.0s' {1..300})" links/long-target; ln -s $'caf\\xe9' links/latin
            mkfifo -m 640 links/fifo
            mknod links/null c 1 3; mknod links/loop b 7 300
            touch "names/$(printf 'n%.0s' {1..255})" "names/$(printf 'e%.0s' {1..100})" "names/$(printf 'f%.0s' {1..101})"
            echo 1 > names/$'caf\\xe9'; echo 2 > names/$'caf\\xc3\\xa9'; echo 3 > names/$'new\\nline'; echo 4 > names/$'\\xff'$(printf 'l%.0s' {1..150})
            echo 5 > 'names/ blank ' ; echo 6 > 'names/back\\slash'; echo 7 > names/-dash; mkdir names/$'d\\xe9' ; echo 8 > names/$'d\\xe9/in'
            (cd deep; for i in {1..15}; do d=$(printf "d$i%.0s" {1..60}); mkdir "$d"; cd "$d"; done; echo bottom > bottom)
            truncate -s 40M sparse/holes; for at in 0 20 39; do echo data$at | dd of=sparse/holes bs=1M seek=$at conv=notrunc status=none; done
            truncate -s 5M sparse/only-hole; head -c 200000 /dev/zero > sparse/zeros
            head -c 300000 /dev/urandom > sparse/tail; truncate -s 900001 sparse/tail
            truncate -s 1M sparse/lead; head -c 70000 /dev/urandom >> sparse/lead
            chown 12345:23456 plain/hello; chown 3000000:3000001 plain/block; chown -h 77:88 links/dangling
            touch -d '2001-02-03 04:05:06.123456789' plain/hello; touch -d '1960-01-01 00:00:00.25' plain/random
            touch -d '2500-01-01' plain/block; touch -h -d '1999-09-09 09:09:09.9' links/dangling
            """;

    private static final String ATTRIBUTES = """
            python3 - <<'PY'
            import os, struct
            open('attributes/file', 'w').write('x')
            os.setxattr('attributes/file', 'user.text', b'value with = and \\n and \\x00 in it')
            os.setxattr('attributes/file', 'user.empty', b'')
            os.setxattr('attributes/file', 'user.large', bytes(range(256)) * 8)
            os.setxattr('attributes', 'user.folder', b'd')
            def acl(*entries): return struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *e) for e in entries)
            none = 0xffffffff
            os.setxattr('attributes/file', 'system.posix_acl_access', acl((1, 6, none), (2, 4, 1234), (4, 4, none), (0x10, 4, none), (0x20, 0, none)))
            os.setxattr('attributes', 'system.posix_acl_default', acl((1, 7, none), (2, 5, 1234), (4, 5, none), (0x10, 5, none), (0x20, 0, none)))
            open('attributes/capable', 'w').write('x')
            os.setxattr('attributes/capable', 'security.capability', struct.pack('<IIIII', 0x02000001, 1 << 10, 0, 0, 0))
            os.setxattr('links/dangling', 'trusted.link', b'on a link', follow_symlinks=False)
            PY
            """;

    @TempDir
    private Path folder;

    private Path tree;
    private Path out;
    private Path tar;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        tree = Files.createDirectory(folder.resolve("tree"));
        out = Files.createDirectory(folder.resolve("out"));
        tar = folder.resolve("files.tar");
        assumeThat(Shell.run(folder, "id -u"))
                .as("owners and devices need root")
                .isEqualTo("0\n");
    }

    @AfterEach
    void removeDeepTrees() throws IOException, InterruptedException {
        Shell.run(folder, "rm -rf tree out out2");
    }

    private void makeTree() throws IOException, InterruptedException {
        Shell.run(tree, TREE);
    }

    private void makeTreeWithAttributes() throws IOException, InterruptedException {
        makeTree();
        String supported = Shell.run(
                tree, "python3 -c \"import os; os.setxattr('plain', 'user.a', b'1')\" && echo yes || echo no");
        assumeThat(supported)
                .as("the temporary folder's file system has extended attributes")
                .isEqualTo("yes\n");
        Shell.run(tree, ATTRIBUTES);
    }

    private static FolderSource source(Path path) {
        return new FolderSource(new HostFolder(path.toString()), PathRules.ALL, Mounts.STAY);
    }

    private static InputStream open(FolderSource source) throws IOException {
        return source.next().orElseThrow().source().open();
    }

    private void write(FolderSource source) throws IOException {
        try (InputStream in = open(source);
                OutputStream file = Files.newOutputStream(tar)) {
            in.transferTo(file);
        }
    }

    private ExtractionReport extract(Path to, String... selection) throws IOException {
        try (InputStream in = Files.newInputStream(tar)) {
            return TarExtractor.extract(
                    in, new HostFolder(to.toString()), TarExtractor.Existing.REFUSE, List.of(selection));
        }
    }

    @Test
    void gnuTarRestoresOursExactly() throws Exception {
        makeTreeWithAttributes();
        Shell.run(
                tree,
                "ln links/fifo links/fifo-again; truncate -s 1G sparse/giant;"
                        + " for at in 300 1023; do echo x | dd of=sparse/giant bs=1M seek=$at conv=notrunc status=none; done");
        FolderSource source = source(tree);
        write(source);
        assertThat(source.warnings()).isEmpty();
        Shell.run(out, "tar --xattrs --xattrs-include='*' --numeric-owner -xpf ../files.tar");
        assertThat(Shell.manifest(out, "%T@")).isEqualTo(Shell.manifest(tree, "%T@"));
        assertThat(blocks(out.resolve("sparse/giant"))).isLessThan(1000);
        assertThat(Files.size(tar)).as("holes are not stored").isLessThan(5_000_000);
    }

    @Test
    void weRestoreOursExactly() throws Exception {
        makeTreeWithAttributes();
        Shell.run(tree, "ln links/fifo links/fifo-again; ln -P links/dangling links/dangling-again");
        write(source(tree));
        ExtractionReport report = extract(out);
        assertThat(report.warnings()).isEmpty();
        assertThat(Shell.manifest(out, "%T@")).isEqualTo(Shell.manifest(tree, "%T@"));
        assertThat(blocks(out.resolve("sparse/holes"))).isLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=pax --xattrs --xattrs-include=*",
                "--format=pax --sparse --sparse-version=0.0",
                "--format=pax --sparse --sparse-version=0.1",
                "--format=pax --sparse --sparse-version=1.0",
                "--format=gnu --sparse",
                "--format=gnu"
            })
    void weRestoreGnuTarsExactly(String options) throws Exception {
        if (options.contains("xattrs")) {
            makeTreeWithAttributes();
        } else {
            makeTree();
        }
        Shell.run(tree, "tar " + options + " -cf ../files.tar .");
        assertThat(extract(out).warnings()).isEmpty();
        String time = options.contains("pax") ? "%T@" : "%Ts";
        assertThat(Shell.manifest(out, time)).isEqualTo(Shell.manifest(tree, time));
    }

    @Test
    void theSameTreeGivesTheSameBytesAndTheEvidenceCountsIt() throws Exception {
        makeTree();
        FolderSource source = source(tree);
        write(source);
        String first = hash();
        write(source(tree));
        assertThat(hash()).isEqualTo(first);
        assertThat(Files.size(tar) % (20 * 512)).isZero();
        Map<String, Object> evidence = source.evidence();
        assertThat(evidence.get("entries"))
                .isEqualTo(Map.of(
                        "file", count("-type f") - 2,
                        "directory", count("-type d"),
                        "symbolic_link", count("-type l"),
                        "hard_link", 2L,
                        "fifo", 1L,
                        "character_device", 1L,
                        "block_device", 1L));
        assertThat(evidence).containsEntry("namesOutsideUtf8", 4L).containsEntry("sparseFiles", 4L);
    }

    private long count(String condition) throws IOException, InterruptedException {
        return Long.parseLong(
                Shell.run(tree, "find . " + condition + " -printf x | wc -c").strip());
    }

    @Test
    void readsInAnyPieces() throws Exception {
        Shell.run(tree, "head -c 700000 /dev/urandom > big; echo small > small");
        write(source(tree));
        byte[] expected = Files.readAllBytes(tar);
        for (int piece : new int[] {1, 511, 70_000, 1_000_000}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[piece];
            try (InputStream in = open(source(tree))) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    bytes.write(buffer, 0, n);
                }
            }
            assertThat(bytes.toByteArray()).isEqualTo(expected);
        }
    }

    @Test
    void pathsLongerThanTheSystemAllowsAreKept() throws Exception {
        Shell.run(
                tree,
                "for i in {1..40}; do d=$(printf \"$((i % 10))%.0s\" {1..200}); mkdir $d; cd $d; done; echo bottom > bottom");
        write(source(tree));
        extract(out);
        assertThat(Shell.run(out, "for i in {1..40}; do cd $(printf \"$((i % 10))%.0s\" {1..200}); done; cat bottom"))
                .isEqualTo("bottom\n");
    }

    @Test
    void socketsAreSkippedWithANote() throws Exception {
        Shell.run(tree, "python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('s')\"");
        FolderSource source = source(tree);
        write(source);
        assertThat(source.warnings()).isEmpty();
        assertThat(findings(source)).isEqualTo(Map.of("socket", Map.of("count", 1L, "paths", List.of("s"))));
    }

    @Test
    void filesThatChangeWhileTheyAreReadAreReportedAndTheTarStaysWhole() throws Exception {
        Shell.run(
                tree,
                "for f in a-shrinks b-grows c-vanishes d-becomes-link e-same; do head -c 900000 /dev/urandom > $f; done;"
                        + " mkdir f-folder; touch f-folder/x");
        FolderSource source = source(tree);
        try (InputStream in = open(source);
                OutputStream file = Files.newOutputStream(tar)) {
            file.write(in.readNBytes(300_000)); // the first file is being read
            try (FileChannel channel = FileChannel.open(tree.resolve("a-shrinks"), StandardOpenOption.WRITE)) {
                channel.truncate(600_000);
            }
            file.write(in.readNBytes(900_000)); // the second is
            Files.write(tree.resolve("b-grows"), new byte[5000], StandardOpenOption.APPEND);
            Files.delete(tree.resolve("c-vanishes"));
            Files.delete(tree.resolve("d-becomes-link"));
            Files.createSymbolicLink(tree.resolve("d-becomes-link"), Path.of("/etc/passwd"));
            Shell.run(tree, "rm -r f-folder");
            in.transferTo(file);
        }
        assertThat(findings(source))
                .isEqualTo(Map.of(
                        "changed",
                        Map.of(
                                "count",
                                3L,
                                "paths",
                                List.of(
                                        "a-shrinks (from 900000 to 600000 bytes)",
                                        "b-grows (from 900000 to 905000 bytes)",
                                        "d-becomes-link (was replaced by something else, and is missing)")),
                        "vanished",
                        Map.of("count", 2L, "paths", List.of("c-vanishes", "f-folder"))));
        assertThat(source.warnings()).hasSize(2);
        assertThat(Shell.run(folder, "tar tf files.tar")).isEqualTo("./\na-shrinks\nb-grows\ne-same\n");
        extract(out);
        assertThat(Files.readAllBytes(out.resolve("e-same"))).isEqualTo(Files.readAllBytes(tree.resolve("e-same")));
        assertThat(Files.size(out.resolve("b-grows"))).isEqualTo(900_000);
        byte[] padded = Files.readAllBytes(out.resolve("a-shrinks"));
        assertThat(padded).hasSize(900_000);
        assertThat(Arrays.copyOfRange(padded, 800_000, 900_000)).containsOnly(0);
    }

    @Test
    void whatMayNotBeReadIsCountedAndTheRestIsKept() throws Exception {
        Shell.run(
                tree,
                "mkdir -m 0 locked; touch locked/in; mkdir listed; echo no > listed/secret; echo yes > listed/public;"
                        + " chown -R 1000:1000 .; chmod 0 listed/secret locked");
        String said = Shell.run(
                folder, child(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")));
        assertThat(said)
                .contains("listed/secret (cannot open: Permission denied)")
                .contains("locked (cannot open: Permission denied)")
                .contains("2 paths could not be read and are missing");
        assertThat(Shell.run(folder, "tar tf files.tar")).isEqualTo("./\nlisted/\nlisted/public\nlocked/\n");
    }

    @Test
    void aFolderWithForeignLettersIsReadWithoutALocale() throws Exception {
        Shell.run(
                folder,
                "rmdir tree; mkdir $'gr\\xc3\\xbc\\xc3\\x9fe'; ln -s $'gr\\xc3\\xbc\\xc3\\x9fe' link; echo 1 > $'gr\\xc3\\xbc\\xc3\\x9fe/\\xff'");
        List<String> command = new ArrayList<>(child(List.of("env", "-u", "LANG", "LC_ALL=POSIX")));
        command.set(
                command.size() - 2,
                "utf8:" + HexFormat.of().formatHex((folder + "/gr\u00fc\u00dfe").getBytes(StandardCharsets.UTF_8)));
        Shell.run(folder, command);
        assertThat(Shell.run(folder, "tar tf files.tar --quoting-style=escape")).isEqualTo("./\n\\377\n");
    }

    private List<String> child(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                tree.toString(),
                tar.toString()));
        return command;
    }

    /** Archives in another process, which may less than this one. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            String name = arguments[0].startsWith("utf8:")
                    ? new String(HexFormat.of().parseHex(arguments[0].substring(5)), StandardCharsets.UTF_8)
                    : arguments[0];
            FolderSource source = new FolderSource(new HostFolder(name), PathRules.ALL, Mounts.STAY);
            try (InputStream in = open(source);
                    OutputStream file = Files.newOutputStream(Path.of(arguments[1]))) {
                in.transferTo(file);
            }
            System.out.println(source.evidence());
            System.out.println(source.warnings());
        }
    }

    /** A file system whose device loses its second half while it is mounted. */
    @Test
    void filesOnADyingDiskAreReportedAndTheRestIsKept() throws Exception {
        String mounted = Shell.run(folder, """
                truncate -s 32M disk; mke2fs -q -t ext4 -b 4096 -O ^has_journal disk &&
                mount -o loop disk tree 2>/dev/null && echo yes || echo no""");
        assumeThat(mounted).as("a loop device with ext4 can be mounted").isEqualTo("yes\n");
        try {
            Shell.run(tree, """
                    rmdir lost+found; head -c 20000 /dev/urandom > a-whole
                    python3 - <<'PY'
                    import os
                    os.system('fallocate -l 24M filler')
                    for name in ('b-torn', 'c-lost'):
                        with open(name, 'wb') as f:
                            f.write(os.urandom(1000000)); f.flush(); os.fsync(f.fileno())
                            os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                    os.remove('filler')
                    PY
                    sync -f .""");
            // The first 300,000 bytes of b-torn stay: its place on the disk says where to cut.
            String place = Shell.run(tree, "filefrag -b4096 -v b-torn | awk '$1 == \"0:\" {print $4 + 0}'")
                    .strip();
            String lost = Shell.run(tree, "filefrag -b4096 -v c-lost | awk '$1 == \"0:\" {print $4 + 0}'")
                    .strip();
            assertThat(Long.parseLong(lost)).as("c-lost lies behind b-torn").isGreaterThan(Long.parseLong(place));
            Shell.run(folder, "truncate -s $((%s * 4096 + 311296)) disk".formatted(place));
            FolderSource source = source(tree);
            write(source);
            assertThat(findings(source))
                    .isEqualTo(Map.of(
                            "damaged",
                            Map.of("count", 1L, "paths", List.of("b-torn (cannot read: Input/output error)")),
                            "unreadable",
                            Map.of("count", 1L, "paths", List.of("c-lost (cannot read: Input/output error)"))));
            assertThat(source.warnings()).hasSize(2);
            assertThat(Shell.run(folder, "tar tf files.tar")).isEqualTo("./\na-whole\nb-torn\n");
        } finally {
            Shell.run(folder, "umount tree");
        }
    }

    @Test
    void anotherFileSystemIsEnteredOnlyWhenAsked() throws Exception {
        Shell.run(tree, "mkdir mounted; touch beside");
        String mounted = Shell.run(tree, "mount -t tmpfs none mounted 2>/dev/null && echo yes || echo no");
        assumeThat(mounted).as("mounting a tmpfs is allowed").isEqualTo("yes\n");
        try {
            Shell.run(tree, "touch mounted/inside");
            FolderSource stays = source(tree);
            write(stays);
            assertThat(Shell.run(folder, "tar tf files.tar")).isEqualTo("./\nbeside\nmounted/\n");
            assertThat(findings(stays).toString()).contains("other_file_system");
            write(new FolderSource(new HostFolder(tree.toString()), PathRules.ALL, Mounts.CROSS));
            assertThat(Shell.run(folder, "tar tf files.tar")).isEqualTo("./\nbeside\nmounted/\nmounted/inside\n");
        } finally {
            Shell.run(tree, "umount mounted");
        }
    }

    @Test
    void rulesChooseAndFoldersAboveComeWithThem() throws Exception {
        Shell.run(
                tree, "mkdir -p a/b/c d/e cache; touch a/b/c/keep.txt a/b/c/drop.log a/x d/e/keep.txt cache/y top.txt");
        write(new FolderSource(
                new HostFolder(tree.toString()),
                PathRules.of(List.of("*.txt", "/cache"), List.of("*.log", "d/")),
                Mounts.STAY));
        assertThat(Shell.run(folder, "tar tf files.tar"))
                .isEqualTo("./\na/\na/b/\na/b/c/\na/b/c/keep.txt\ncache/\ncache/y\ntop.txt\n");
    }

    @Test
    void aMissingFolderFails() {
        assertThatThrownBy(() -> open(source(folder.resolve("none"))))
                .isInstanceOf(DumpFailedException.class)
                .hasMessageContaining("No such file");
    }

    @Test
    void selectedPathsAreRestoredWithTheFoldersAboveThem() throws Exception {
        Shell.run(
                tree,
                "mkdir -p a/b; chmod 750 a; mkdir ab; echo 1 > a/b/one; echo 2 > a/two; echo 3 > ab/three; ln a/two ab/four;"
                        + " touch -d 2001-01-01 a");
        write(source(tree));
        ExtractionReport report = extract(out, "a/b", "ab/four", "missing/");
        assertThat(Shell.run(out, "find . -mindepth 1 | sort")).isEqualTo("./a\n./a/b\n./a/b/one\n./ab\n");
        assertThat(Shell.run(out, "stat -c %a:%y a")).startsWith("750:2001-01-01");
        assertThat(report.unmatched()).containsExactly("missing");
        assertThat(report.warnings())
                .containsExactly("ab/four is a further name of a/two, which was not selected: it is missing");
    }

    @Test
    void listsWithoutWriting() throws Exception {
        Shell.run(
                tree,
                "echo hello > $'caf\\xe9'; ln -s target link; truncate -s 1G holes; touch -h -d @12.5 link holes");
        write(source(tree));
        List<String> lines = new ArrayList<>();
        TarExtractor.list(new ByteArrayInputStream(Files.readAllBytes(tar)), TarRoot.NONE, entry -> {
            if (entry.kind() != EntryKind.DIRECTORY) {
                lines.add(entry.kind() + " " + entry.path() + " " + entry.link() + " " + entry.size());
            }
        });
        assertThat(lines).containsExactly("FILE caf\\xe9  6", "FILE holes  1073741824", "SYMBOLIC_LINK link target 0");
    }

    @Test
    void existingFilesAreKeptUnlessReplacingIsAsked() throws Exception {
        Shell.run(tree, "echo new > file; ln -s x link; mkdir folder");
        write(source(tree));
        Shell.run(out, "echo old > file; echo old > link; mkdir folder; echo stays > folder/other");
        assertThatThrownBy(() -> extract(out)).hasMessageContaining("file exists");
        assertThat(Files.readString(out.resolve("file"))).isEqualTo("old\n");
        try (InputStream in = Files.newInputStream(tar)) {
            TarExtractor.extract(in, new HostFolder(out.toString()), TarExtractor.Existing.REPLACE, List.of());
        }
        assertThat(Files.readString(out.resolve("file"))).isEqualTo("new\n");
        assertThat(out.resolve("link")).isSymbolicLink();
        assertThat(out.resolve("folder/other")).exists();
    }

    private static Map<?, ?> findings(FolderSource source) {
        return (Map<?, ?>) Objects.requireNonNull(source.evidence().get("findings"));
    }

    private long blocks(Path path) throws IOException, InterruptedException {
        return Long.parseLong(Shell.run(folder, "stat -c %b " + path).strip());
    }

    private String hash() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(tar)));
    }
}
