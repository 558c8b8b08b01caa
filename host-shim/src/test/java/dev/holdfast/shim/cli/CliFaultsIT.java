package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around the program: it says so, ends with the right code, and loses nothing. */
class CliFaultsIT {
    /** Rounds of kill -9; {@code -Dholdfast.kill.rounds=100} for a soak. */
    private static final int KILL_ROUNDS = Integer.getInteger("holdfast.kill.rounds", 10);

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);

    @BeforeEach
    void init() throws Exception {
        cli = new Cli(folder);
        assertThat(cli.run("init").code()).isZero();
    }

    private Path data(long seed, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Files.write(folder.resolve("data-" + seed), content);
    }

    private Cli.Result backup(Path data) throws Exception {
        return cli.run("backup", "--from-command", "app", "--", "cat", data.toString());
    }

    private void assertWhole() throws Exception {
        Cli.Result check = cli.run("check", "--read-data");
        assertThat(check.code()).as(check.output()).isZero();
    }

    @Test
    void killedAtRandomMoments() throws Exception {
        assertThat(backup(data(1, 5_000_000)).code()).isZero();
        Random random = new Random();
        int killed = 0;
        for (int round = 0; round < KILL_ROUNDS; round++) {
            Path data = data(100 + round, 60_000_000);
            Process process =
                    cli.start(cli.storage(), ProcessBuilder.Redirect.from(data.toFile()), "backup", "--stdin", "app");
            Thread.sleep(random.nextLong(2500));
            process.destroyForcibly();
            killed += process.waitFor() == 137 ? 1 : 0;
            Files.delete(data);
            assertWhole();
        }
        assertThat(killed).as("rounds in which the kill came before the end").isPositive();
        assertThat(backup(data(2, 5_000_000)).code()).isZero();
        assertWhole();
        Cli.Result sweep = cli.run("forget", "app", "--sweep", "--older-than", "0");
        assertThat(sweep.code()).as(sweep.output()).isZero();
        assertWhole();
        assertThat(cli.run("check").output()).doesNotContain("needed by no snapshot");
    }

    @Test
    void aSecondBackupOfTheSameSourceAndAForgetAreLockedOut() throws Exception {
        assertThat(backup(data(1, 1000)).code()).isZero();
        Process slow = cli.start(
                cli.storage(),
                ProcessBuilder.Redirect.from(new java.io.File("/dev/null")),
                "backup",
                "--from-command",
                "app",
                "--",
                "sh",
                "-c",
                "echo begun; touch " + folder.resolve("begun") + "; sleep 600");
        for (int i = 0; i < 300 && !Files.exists(folder.resolve("begun")); i++) {
            Thread.sleep(100);
        }
        Cli.Result second = backup(data(2, 1000));
        assertThat(second.code()).as(second.output()).isEqualTo(ExitCode.LOCKED);
        Cli.Result forget = cli.run("forget", "app", "--sweep");
        assertThat(forget.code()).as(forget.output()).isEqualTo(ExitCode.LOCKED);
        slow.descendants().forEach(ProcessHandle::destroyForcibly);
        slow.destroyForcibly();
        assertThat(slow.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Cli.Result after = backup(data(3, 1000));
        assertThat(after.code())
                .as("a dead holder is not waited for: " + after.output())
                .isZero();
        assertWhole();
    }

    @Test
    void aCommandThatFailsLeavesNothing() throws Exception {
        Cli.Result failed = cli.run(
                "backup",
                "--from-command",
                "app",
                "--",
                "sh",
                "-c",
                "head -c 50000000 /dev/urandom; echo no more space >&2; exit 3");
        assertThat(failed.code()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.output()).contains("exit code 3").contains("no more space");
        assertThat(cli.run("snapshots").output()).contains("no snapshots");
        try (var packs = Files.walk(cli.storage().resolve("packs"))) {
            assertThat(packs.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(cli.run("backup", "--from-command", "app", "--", "/no/such/program")
                        .output())
                .contains("could not be started");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws Exception {
        for (String name : new String[] {"../escape", "a/b", ".hidden", ""}) {
            Cli.Result result = cli.run("backup", "--from-command", name, "--", "echo", "x");
            assertThat(result.code()).as(name + ": " + result.output()).isEqualTo(ExitCode.WRONG_USE);
        }
        assertThat(cli.run("dump", "nobody").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void anotherKeyIsRefusedAndTheRightOneIsEnough() throws Exception {
        assertThat(backup(data(1, 3_000_000)).code()).isZero();
        Path other = folder.resolve("other.key");
        Cli elsewhere = new Cli(Files.createDirectory(folder.resolve("elsewhere")));
        Files.writeString(
                other,
                dev.holdfast.core.crypto.X25519Identity.generate(new java.security.SecureRandom())
                        .secretText());
        Files.setPosixFilePermissions(other, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Cli.Result wrong = elsewhere.runOn(cli.storage(), "dump", "app", "--identity", other.toString());
        assertThat(wrong.code()).as(wrong.output()).isEqualTo(ExitCode.WRONG_KEY);
        Path right;
        try (var keys = Files.list(folder.resolve("home/identities"))) {
            right = keys.findFirst().orElseThrow();
        }
        Cli.Result check = elsewhere.runOn(cli.storage(), "check", "--read-data", "--identity", right.toString());
        assertThat(check.code()).as(check.output()).isZero();
        assertThat(check.output()).contains("opened");
    }

    /** Who writes to the storage can seal a repository of their own to our public key, and to theirs. */
    @Test
    void anotherRepositoryInItsPlaceIsNotWrittenTo() throws Exception {
        Path key;
        try (var keys = Files.list(folder.resolve("home/identities"))) {
            key = keys.findFirst().orElseThrow();
        }
        String ours = java.util.Arrays.stream(Files.readString(key).split("\\s+"))
                .filter(word -> word.startsWith("holdfast-recipient-x25519:"))
                .findFirst()
                .orElseThrow();
        Cli attacker = new Cli(Files.createDirectory(folder.resolve("attacker")));
        Path theirs = folder.resolve("theirs");
        assertThat(attacker.runOn(theirs, "init", "--recipient", ours).code()).isZero();
        Path data = data(1, 1000);
        Cli.Result backup = cli.runOn(theirs, "backup", "--from-command", "app", "--", "cat", data.toString());
        assertThat(backup.code()).as(backup.output()).isEqualTo(ExitCode.WRONG_KEY);
        assertThat(backup.output()).contains("does not know repository");
        assertThat(cli.runOn(theirs, "init", "--join", "--identity", key.toString())
                        .code())
                .as("said on purpose")
                .isZero();
        assertThat(cli.runOn(theirs, "backup", "--from-command", "app", "--", "cat", data.toString())
                        .code())
                .isZero();
    }

    @Test
    void aFullStorageFailsTheRunAndKeepsWhatWasThere() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(mount("-t", "tmpfs", "-o", "size=24m", "tmpfs", small.toString()), "a tmpfs can be mounted (root)");
        try {
            Path root = small.resolve("repo");
            assertThat(cli.runOn(root, "init").code()).isZero();
            Path good = data(1, 4_000_000);
            assertThat(cli.runOn(root, "backup", "--from-command", "app", "--", "cat", good.toString())
                            .code())
                    .isZero();
            Path large = data(2, 60_000_000);
            Cli.Result full = cli.runOn(root, "backup", "--from-command", "app", "--", "cat", large.toString());
            assertThat(full.code()).as(full.output()).isEqualTo(ExitCode.FAILED);
            assertThat(full.output()).contains("No space left");
            assertThat(cli.runOn(root, "check", "--read-data").code()).isZero();
            assertThat(cli.runOn(root, "backup", "--from-command", "app", "--", "cat", good.toString())
                            .code())
                    .isZero();
            assertThat(mount("-o", "remount,ro", small.toString())).isTrue();
            Cli.Result readOnly = cli.runOn(root, "backup", "--from-command", "app", "--", "cat", large.toString());
            assertThat(readOnly.code()).as(readOnly.output()).isEqualTo(ExitCode.FAILED);
            assertThat(cli.runOn(root, "check", "--read-data").code()).isZero();
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }

    private static boolean mount(String... arguments) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of("mount"));
        command.addAll(java.util.List.of(arguments));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
