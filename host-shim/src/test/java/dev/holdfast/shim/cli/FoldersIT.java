package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders through the program: saved, listed, and brought back, whole or file by file. */
class FoldersIT {
    private static final String TREE = """
            mkdir -p tree/plain/empty tree/links tree/names tree/sparse tree/left-out
            cd tree
            echo hello > plain/hello; : > plain/nothing; head -c 3000000 /dev/urandom > plain/random
            cp /bin/true plain/setuid; chmod 4755 plain/setuid; cp /bin/true plain/setgid; chmod 2711 plain/setgid
            mkdir plain/sticky; chmod 1777 plain/sticky
            echo shared > links/a-first; ln links/a-first links/b-second; ln links/a-first plain/third
            ln -s a-first links/relative; ln -s /nowhere/at/all links/dangling; mkfifo -m 640 links/fifo
            echo 1 > names/$'caf\\xe9'; echo 2 > names/$'caf\\xc3\\xa9'; echo 3 > names/$'line\\nfeed'; echo 4 > names/$'\\e[31mred'
            echo 5 > names/$'turn\\xe2\\x80\\xaeed'; echo 6 > 'names/back\\slash'
            truncate -s 40M sparse/holes; for at in 0 20 39; do echo data$at | dd of=sparse/holes bs=1M seek=$at conv=notrunc status=none; done
            echo secret > left-out/key; echo secret > plain/old.bak
            touch -d '2001-02-03 04:05:06.123456789' plain/hello; touch -d '1960-01-01 00:00:00.25' plain/random
            touch -h -d '1999-09-09 09:09:09.9' links/dangling; touch -d '2003-03-03 03:03:03' plain/empty links
            if [ "$(id -u)" = 0 ]; then chown 12345:23456 plain/hello; chown -h 77:88 links/dangling; fi
            python3 - <<'PY'
            import os, socket
            socket.socket(socket.AF_UNIX).bind('links/socket')
            os.setxattr('plain/nothing', 'user.text', b'value with \\n and \\x00 in it')
            PY
            """;

    /** Names, types, modes, owners, link counts, times, sizes or targets, hashes, blocks of sparse files, and extended attributes. */
    private static final String MANIFEST = """
            export LC_ALL=C
            find . ! -type s \\( -type f -printf '%P\\t%y\\t%m\\t%U:%G\\t%n\\t%T@\\t%s\\0' \\) \
              -o ! -type s -printf '%P\\t%y\\t%m\\t%U:%G\\t%T@\\t%l\\0' | sort -z | tr '\\0' '\\n'
            find . -type f -print0 | sort -z | xargs -0 sha256sum
            test ! -e sparse/holes || test "$(du -k sparse/holes | cut -f1)" -lt 2000
            python3 - <<'PY'
            import os
            for top, folders, files in sorted(os.walk(b'.')):
                for name in sorted(folders + files):
                    path = os.path.join(top, name)
                    for key in sorted(os.listxattr(path, follow_symlinks=False)):
                        print(path, key, os.getxattr(path, key, follow_symlinks=False))
            PY
            """;

    @TempDir
    Path folder = Path.of("");

    private Path tree = folder;
    private Path out = folder;
    private Cli cli = new Cli(folder);

    @BeforeEach
    void prepare() throws Exception {
        folder = folder.toRealPath();
        tree = folder.resolve("tree");
        out = folder.resolve("out");
        cli = new Cli(folder);
        assertThat(cli.run("init").code()).isZero();
    }

    private static String shell(Path where, String script) throws Exception {
        Path output = Files.createTempFile("shell", ".out");
        try {
            Process process = new ProcessBuilder("bash", "-euc", script)
                    .directory(where.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int code = process.waitFor();
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            assertThat(code).as(script + "\n" + text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }

    private Cli.Result expect(int code, String... arguments) throws Exception {
        Cli.Result result = cli.run(arguments);
        assertThat(result.code())
                .as(String.join(" ", arguments) + "\n" + result.output())
                .isEqualTo(code);
        return result;
    }

    private String back() {
        return out.resolve(tree.toString().substring(1)).toString();
    }

    private void save(String... more) throws Exception {
        String[] command = {"backup", "--folder", tree.toString(), "--name", "host-files"};
        String[] whole = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, whole, command.length, more.length);
        expect(ExitCode.DONE, whole);
    }

    @Test
    void aTreeComesBackAsItWas() throws Exception {
        shell(folder, TREE);
        save("--exclude", "left-out", "--exclude", "*.bak");
        Cli.Result plan = expect(ExitCode.DONE, "restore", "host-files", "--to-folder", out.toString(), "--dry-run");
        assertThat(plan.output()).contains("restore " + tree);
        assertThat(out).doesNotExist();
        Cli.Result restored = expect(ExitCode.DONE, "restore", "host-files", "--to-folder", out.toString());
        assertThat(restored.output()).contains(" entries, 3.0");
        assertThat(Path.of(back(), "plain/old.bak")).doesNotExist();
        String keptTimes = "find plain links -type d -printf '%P %T@\\n'";
        shell(tree, "touch -r plain /tmp/x-$$; rm -r left-out plain/old.bak; touch -r /tmp/x-$$ plain; rm /tmp/x-$$");
        assertThat(shell(Path.of(back()), keptTimes)).isEqualTo(shell(tree, keptTimes));
        shell(tree, "touch -d 2020-01-01 .");
        shell(Path.of(back()), "touch -d 2020-01-01 .");
        assertThat(shell(Path.of(back()), MANIFEST)).isEqualTo(shell(tree, MANIFEST));
    }

    @Test
    void listsEntriesSafeForATerminal() throws Exception {
        shell(folder, TREE);
        save();
        String text = expect(ExitCode.DONE, "ls", "host-files").output();
        assertThat(text)
                .contains("-rwsr-xr-x ")
                .contains(tree + "/names/caf\\xe9\n")
                .contains("/names/caf\u00e9\n")
                .contains("/names/line\\x0afeed\n")
                .contains("/names/\\x1b[31mred\n")
                .contains("/names/turn\\xe2\\x80\\xaeed\n")
                .contains("/names/back\\x5cslash\n")
                .contains("/links/relative -> a-first\n")
                .contains("/links/b-second is also " + tree + "/links/a-first\n")
                .doesNotContain("\u001b")
                .doesNotContain("socket");
        assertThat(expect(ExitCode.DONE, "ls", "host-files", tree + "/names").output())
                .contains("line")
                .doesNotContain("plain");
        String json = expect(ExitCode.DONE, "ls", "host-files", "latest", tree + "/plain/hello", "--json")
                .output();
        var parsed = new com.fasterxml.jackson.databind.json.JsonMapper().readTree(json);
        var entry = parsed.at("/streams/0/entries/0");
        assertThat(parsed.at("/streams/0/entries")).hasSize(1);
        assertThat(entry.at("/path").asText()).isEqualTo(tree + "/plain/hello");
        assertThat(entry.at("/bytes").asLong()).isEqualTo(6);
        assertThat(entry.at("/modified").asText()).startsWith("2001-02-0").endsWith(".123456789Z");
        expect(ExitCode.NOT_FOUND, "ls", "host-files", tree + "/nothing-there");
        expect(ExitCode.WRONG_USE, "ls", "host-files", tree + "/../etc");
    }

    @Test
    void singleFilesComeBackByTheirPath() throws Exception {
        shell(folder, TREE);
        save();
        expect(
                ExitCode.DONE,
                "restore",
                "host-files",
                "--to-folder",
                out.toString(),
                "--path",
                tree + "/plain/hello",
                "--path",
                tree + "/names/caf\\xe9",
                "--path",
                tree + "/names/back\\x5cslash",
                "--path",
                tree + "/plain/third");
        assertThat(shell(out, "find . -type f -exec cat {} + | sort | tr '\\n' ' '"))
                .as("third is a further name of a file that was not asked for")
                .isEqualTo("1 6 hello shared ");
        assertThat(Path.of(back(), "plain/third")).hasContent("shared\n");
        Path other = folder.resolve("other");
        expect(
                ExitCode.NOT_FOUND,
                "restore",
                "host-files",
                "--to-folder",
                other.toString(),
                "--path",
                tree + "/plain/nobody");
        assertThat(other).as("nothing found, nothing made").doesNotExist();
        for (String path : new String[] {tree + "/../secret", "../secret", "/elsewhere/../etc"}) {
            Cli.Result refused = expect(
                    ExitCode.WRONG_USE, "restore", "host-files", "--to-folder", other.toString(), "--path", path);
            assertThat(refused.output()).contains("without ..");
        }
        expect(ExitCode.NOT_FOUND, "restore", "host-files", "--to-folder", other.toString(), "--path", "/elsewhere");
        Cli.Result some = expect(
                ExitCode.WARNINGS,
                "restore",
                "host-files",
                "--to-folder",
                other.toString(),
                "--path",
                "plain/hello",
                "--path",
                "plain/nobody");
        assertThat(some.output()).contains("the snapshot has no " + tree + "/plain/nobody");
    }

    @Test
    void whatIsThereIsReplacedOnlyOnDemand() throws Exception {
        shell(folder, "mkdir -p tree/in; echo old > tree/a; echo old > tree/in/b; echo old > tree/in/c");
        save();
        shell(tree, "echo new > a; echo new > in/b; rm in/c; echo new > in/d; chmod 700 in");
        Files.createDirectories(out);
        Files.writeString(out.resolve("mine"), "mine");
        Cli.Result full = expect(ExitCode.FAILED, "restore", "host-files", "--to-folder", out.toString());
        assertThat(full.output()).contains("is not empty").contains("--overwrite");
        Cli.Result asked = expect(ExitCode.FAILED, "restore", "host-files", "--in-place");
        assertThat(asked.output())
                .contains("replace 2 that are there now")
                .contains(tree + "/a\n")
                .contains(tree + "/in/b\n")
                .doesNotContain(tree + "/in/c\n")
                .contains("not confirmed");
        assertThat(tree.resolve("a")).hasContent("new\n");
        expect(ExitCode.DONE, "restore", "host-files", "--in-place", "--path", tree + "/in/b", "--yes");
        assertThat(tree.resolve("in/b")).hasContent("old\n");
        assertThat(tree.resolve("a")).hasContent("new\n");
        expect(ExitCode.DONE, "restore", "host-files", "--in-place", "--yes");
        assertThat(tree.resolve("a")).hasContent("old\n");
        assertThat(tree.resolve("in/c")).hasContent("old\n");
        assertThat(tree.resolve("in/d")).as("not of the snapshot").hasContent("new\n");
        expect(ExitCode.DONE, "restore", "host-files", "--to-folder", out.toString(), "--overwrite", "--yes");
        assertThat(Path.of(back(), "a")).hasContent("old\n");
        assertThat(out.resolve("mine")).hasContent("mine");
    }

    @Test
    void severalFoldersAreOneSnapshot() throws Exception {
        shell(
                folder,
                "mkdir -p one/inner/deep two; echo 1 > one/a; echo 2 > one/inner/b; echo 3 > one/inner/deep/c; echo 4 > two/d");
        String one = folder.resolve("one").toString();
        String inner = folder.resolve("one/inner").toString();
        String two = folder.resolve("two").toString();
        expect(ExitCode.WRONG_USE, "backup", "--folder", one, "--folder", two);
        expect(ExitCode.WRONG_USE, "backup", "--folder", one, "--folder", one, "--name", "twice");
        expect(ExitCode.DONE, "backup", "--folder", one, "--folder", two, "--folder", inner, "--name", "both");
        String list = expect(ExitCode.DONE, "ls", "both").output();
        assertThat(list).contains("folders" + one + ".tar").contains("folders" + two + ".tar");
        assertThat(list.split(inner + "/b\n", -1)).as("kept once").hasSize(2);
        expect(ExitCode.DONE, "restore", "both", "--to-folder", out.toString());
        assertThat(shell(
                        Path.of(out + folder.toString()),
                        "cat one/a one/inner/b one/inner/deep/c two/d | tr '\\n' ' '"))
                .isEqualTo("1 2 3 4 ");
        Path part = folder.resolve("part");
        expect(
                ExitCode.DONE,
                "restore",
                "both",
                "--to-folder",
                part.toString(),
                "--path",
                inner + "/deep",
                "--path",
                two);
        assertThat(shell(part, "find . -type f -exec cat {} + | sort | tr '\\n' ' '"))
                .isEqualTo("3 4 ");
        expect(ExitCode.FAILED, "backup", "--folder", folder.resolve("missing").toString());
        assertThat(cli.run("snapshots").output()).doesNotContain("missing");
    }

    /** Root reads everything, unless it gives up that right. */
    @Test
    void whatCannotBeReadIsLeftOutAndSaid() throws Exception {
        shell(folder, "mkdir tree; echo 1 > tree/open; echo 2 > tree/closed; mkdir tree/shut; echo 3 > tree/shut/in");
        Cli weaker = cli;
        if (shell(folder, "id -u").equals("0\n")) {
            assumeTrue(
                    new ProcessBuilder("setpriv", "--version").start().waitFor() == 0, "needs setpriv of util-linux");
            shell(tree, "chown 1234 closed shut; chmod 600 closed; chmod 700 shut");
            weaker = cli.through("setpriv", "--bounding-set", "-dac_override,-dac_read_search");
        } else {
            shell(tree, "chmod 000 closed shut");
        }
        Cli.Result saved = weaker.run("backup", "--folder", tree.toString(), "--name", "host-files");
        assertThat(saved.code()).as(saved.output()).isEqualTo(ExitCode.WARNINGS);
        assertThat(saved.output())
                .contains("2 paths could not be read")
                .contains("closed")
                .contains("shut");
        String list = expect(ExitCode.DONE, "ls", "host-files").output();
        assertThat(list).contains("/open\n").doesNotContain("/closed\n").doesNotContain("/shut/in");
        expect(ExitCode.DONE, "restore", "host-files", "--to-folder", out.toString());
        assertThat(Path.of(back(), "open")).hasContent("1\n");
        if (shell(folder, "id -u").equals("0\n")) {
            return;
        }
        shell(tree, "chmod 700 closed shut");
    }

    @Test
    void aFileThatGrowsIsSaid() throws Exception {
        shell(folder, "mkdir tree; head -c 60000000 /dev/urandom > tree/log; echo 1 > tree/other");
        Process grows = new ProcessBuilder("sh", "-c", "while :; do echo more >> tree/log; sleep 0.01; done")
                .directory(folder.toFile())
                .start();
        try {
            Cli.Result saved = expect(ExitCode.WARNINGS, "backup", "--folder", tree.toString(), "--name", "host-files");
            assertThat(saved.output()).contains("1 paths changed while they were read: log");
        } finally {
            grows.destroyForcibly().waitFor();
        }
        expect(ExitCode.DONE, "restore", "host-files", "--to-folder", out.toString());
        assertThat(Path.of(back(), "other")).hasContent("1\n");
        shell(folder, "cmp -n 60000000 tree/log '" + back() + "/log'");
        expect(ExitCode.DONE, "check", "--read-data");
    }

    @Test
    void streamsOfAnySnapshotAreWrittenAsFiles() throws Exception {
        Path data = Files.write(folder.resolve("data"), new byte[5_000_000]);
        expect(ExitCode.DONE, "backup", "--from-command", "app", "--", "cat", data.toString());
        Cli.Result bare = expect(ExitCode.WRONG_USE, "restore", "app", "--yes");
        assertThat(bare.output()).contains("--to-folder");
        expect(ExitCode.WRONG_USE, "restore", "app", "--in-place");
        expect(ExitCode.DONE, "restore", "app", "--to-folder", out.toString());
        assertThat(out.resolve("stdout")).hasSameBinaryContentAs(data);
        assertThat(shell(out, "stat -c %a stdout; ls -A")).isEqualTo("600\nstdout\n");
        expect(ExitCode.FAILED, "restore", "app", "--to-folder", out.toString());
        expect(ExitCode.NOT_FOUND, "restore", "app", "--to-folder", folder + "/x", "--path", "stderr");
    }

    @Test
    void aRepositoryIsNotSavedIntoItself() throws Exception {
        shell(
                folder,
                "mkdir -p tree/data; echo 1 > tree/data/file; mv storage 'tree/[store]*'; ln -s tree other; touch tree/zlast");
        Path repository = tree.resolve("[store]*");
        for (String name : new String[] {"tree", "other"}) {
            Cli.Result saved = cli.runOn(repository, "backup", "--folder", folder + "/" + name, "--name", name);
            assertThat(saved.code()).as(saved.output()).isZero();
            assertThat(saved.output())
                    .contains("the repository lies in " + folder + "/" + name)
                    .contains("left out");
            String list = cli.runOn(repository, "ls", name).output();
            assertThat(list).contains("/zlast\n", "/data/file\n", "/[store]*\n").doesNotContain("packs", "snapshots");
        }
        Cli.Result inside = cli.runOn(repository, "backup", "--folder", repository + "/packs", "--name", "inside");
        assertThat(inside.code()).as(inside.output()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(inside.output()).contains("cannot be saved into itself");
    }

    @Test
    void aDamagedStreamLeavesNoFileOfItsName() throws Exception {
        Path data = folder.resolve("data");
        shell(folder, "head -c 50000000 /dev/urandom > data");
        expect(ExitCode.DONE, "backup", "--from-command", "app", "--", "cat", data.toString());
        shell(
                folder,
                "p=$(find storage/packs -type f | sort | tail -1); printf broken | dd of=$p bs=1 seek=5000 conv=notrunc status=none");
        Cli.Result failed = expect(ExitCode.FAILED, "restore", "app", "--to-folder", out.toString());
        assertThat(failed.output()).contains("stream stdout could not be written");
        assertThat(shell(out, "ls -A")).isEmpty();
    }
}
