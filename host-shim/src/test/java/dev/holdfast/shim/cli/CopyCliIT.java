package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast copy} as a user runs it, and what the copy is good for. */
class CopyCliIT {
    /** Rounds of kill -9; {@code -Dholdfast.kill.rounds=100} for a soak. */
    private static final int KILL_ROUNDS = Integer.getInteger("holdfast.kill.rounds", 6);

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);
    private Path copy = folder;

    @BeforeEach
    void init() throws Exception {
        cli = new Cli(folder);
        copy = Files.createDirectory(folder.resolve("copy"));
        assertThat(cli.run("init").code()).isZero();
    }

    private Path data(long seed, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Files.write(folder.resolve("data-" + seed), content);
    }

    private void backup(Path data) throws Exception {
        Cli.Result result = cli.run("backup", "--from-command", "app", "--", "cat", data.toString());
        assertThat(result.code()).as(result.output()).isZero();
    }

    private Cli.Result copy(String... more) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("copy", "--to", copy.toString()));
        words.addAll(Arrays.asList(more));
        return cli.run(words.toArray(new String[0]));
    }

    private static void assertWhole(Cli reader, Path storage, String... more) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("check", "--read-data"));
        words.addAll(Arrays.asList(more));
        Cli.Result check = reader.runOn(storage, words.toArray(new String[0]));
        assertThat(check.code()).as(check.output()).isZero();
    }

    private Path onlyKey() throws IOException {
        try (var keys = Files.list(cli.home().resolve("identities"))) {
            return keys.findFirst().orElseThrow();
        }
    }

    @Test
    void theCopyIsReadByThisHostAndByOneThatHasOnlyTheKey() throws Exception {
        Path data = data(1, 3_000_000);
        backup(data);
        Cli.Result first = copy();
        assertThat(first.code()).as(first.output()).isZero();
        assertThat(first.output()).contains("copied 1 snapshots, 1 packs");
        assertThat(copy("--json").output()).contains("\"status\":\"done\"", "\"copied\":[]");
        Path key = Files.copy(onlyKey(), folder.resolve("kept.key"));
        try (var old = Files.walk(cli.storage())) {
            for (Path file : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        assertWhole(cli, copy);
        assertThat(cli.runOn(copy, "snapshots").output()).contains("app");
        Path here = folder.resolve("here");
        Cli.Result restored = cli.runOn(copy, "restore", "app", "--to-folder", here.toString(), "--yes");
        assertThat(restored.code()).as(restored.output()).isZero();
        assertSame(here, data);

        Cli stranger = new Cli(Files.createDirectory(folder.resolve("elsewhere")));
        assertWhole(stranger, copy, "--identity", key.toString());
        Path there = folder.resolve("there");
        Cli.Result elsewhere = stranger.runOn(
                copy, "restore", "app", "--to-folder", there.toString(), "--yes", "--identity", key.toString());
        assertThat(elsewhere.code()).as(elsewhere.output()).isZero();
        assertSame(there, data);
    }

    private static void assertSame(Path restored, Path data) throws IOException {
        try (var files = Files.walk(restored)) {
            Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            assertThat(Files.mismatch(file, data)).isEqualTo(-1);
        }
    }

    @Test
    void killedAtRandomMoments() throws Exception {
        Random random = new Random();
        int killed = 0;
        for (int round = 0; round < KILL_ROUNDS; round++) {
            backup(data(10 + round, 40_000_000));
            Process process = cli.start(
                    cli.storage(),
                    ProcessBuilder.Redirect.from(new java.io.File("/dev/null")),
                    "copy",
                    "--to",
                    copy.toString());
            Thread.sleep(random.nextLong(2500));
            process.destroyForcibly();
            killed += process.waitFor() == 137 ? 1 : 0;
            if (Files.exists(copy.resolve("descriptor/00000001"))) {
                assertWhole(cli, copy);
            }
        }
        assertThat(killed).as("runs that were really killed").isPositive();
        Cli.Result last = copy();
        assertThat(last.code()).as(last.output()).isZero();
        assertWhole(cli, copy);
        assertThat(cli.runOn(copy, "snapshots").output().lines().filter(line -> line.contains("app")))
                .hasSize(KILL_ROUNDS);
    }

    @Test
    void aBackupIsNotWrittenToACopyBeforeItIsPromoted() throws Exception {
        Path data = data(1, 500_000);
        backup(data);
        assertThat(copy().code()).isZero();
        Cli.Result wrong = cli.runOn(copy, "backup", "--from-command", "app", "--", "cat", data.toString());
        assertThat(wrong.code()).as(wrong.output()).isEqualTo(ExitCode.FAILED);
        assertThat(wrong.output()).contains("holds a copy of the repository", "--promote");
        assertThat(cli.runPlain("copy", "--to", copy.toString(), "--promote").code())
                .isZero();
        assertThat(cli.runOn(copy, "backup", "--from-command", "app", "--", "cat", data.toString())
                        .code())
                .isZero();
        Cli.Result back = copy();
        assertThat(back.code()).as(back.output()).isEqualTo(ExitCode.FAILED);
        assertThat(back.output()).contains("is now written to by runs");
        assertWhole(cli, copy);
        assertWhole(cli, cli.storage());
    }

    @Test
    void damageAtTheSourceIsToldAndTheRestIsCopied() throws Exception {
        backup(data(1, 2_000_000));
        backup(data(2, 2_000_000));
        try (var packs = Files.list(cli.storage().resolve("packs/app"))) {
            Path pack = packs.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(pack);
            bytes[1000] ^= 1;
            Files.write(pack, bytes);
        }
        Cli.Result result = copy();
        assertThat(result.code()).as(result.output()).isEqualTo(ExitCode.FAILED);
        assertThat(result.output()).contains("copied 1 snapshots", "PROBLEM at the source", "do not fit its name");
        assertWhole(cli, copy);
    }

    @Test
    void aFolderCannotLockAndSaysSo() throws Exception {
        backup(data(1, 1000));
        Cli.Result lock = copy("--lock", "30d");
        assertThat(lock.code()).as(lock.output()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(lock.output()).contains("cannot lock objects");
        assertThat(copy().code()).isZero();
        Cli.Result audit = copy("--audit");
        assertThat(audit.code()).as(audit.output()).isEqualTo(ExitCode.FAILED);
        assertThat(audit.output()).contains("cannot lock objects");
        assertThat(copy("--lock", "soon").code()).isEqualTo(ExitCode.WRONG_USE);
        Cli.Result missing = cli.run("copy", "--to", folder.resolve("missing").toString());
        assertThat(missing.code()).as(missing.output()).isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void forgettingInTheCopyLeavesTheRepositoryAlone() throws Exception {
        backup(data(1, 2_000_000));
        backup(data(2, 2_000_000));
        assertThat(copy().code()).isZero();
        Cli.Result forgotten = cli.runOn(copy, "forget", "app", "latest");
        assertThat(forgotten.code()).as(forgotten.output()).isZero();
        assertThat(forgotten.output()).contains("removed 1 snapshots");
        assertWhole(cli, copy);
        assertWhole(cli, cli.storage());
        assertThat(cli.run("snapshots").output().lines().filter(line -> line.contains("app")))
                .hasSize(2);
        assertThat(copy("app").output()).contains("copied 1 snapshots");
    }
}
