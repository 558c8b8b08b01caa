package dev.holdfast.shim.cli;

import static dev.holdfast.shim.testing.TestVolume.docker;
import static dev.holdfast.shim.testing.TestVolume.helpers;
import static dev.holdfast.shim.testing.TestVolume.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.shim.testing.Containers;
import dev.holdfast.shim.testing.TestVolume;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes through the program itself, and what becomes of containers when it is killed. */
@Timeout(300)
class VolumesCliIT {
    private static final String IMAGE = "holdfast-test/sshd:1";
    private static final String DATABASE = "holdfast-test/postgres-15:1";
    private static final String SERVICE = "trap 'exit 0' TERM; while :; do sleep 0.1; done";
    private static final ProcessBuilder.Redirect NOTHING = ProcessBuilder.Redirect.from(new File("/dev/null"));

    @TempDir
    private Path folder = Path.of("");

    private Cli cli = new Cli(folder);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void repository() throws Exception {
        Containers.assumeImage(IMAGE);
        cli = new Cli(folder);
        assertDone(cli.run("init"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private TestVolume volume() throws Exception {
        TestVolume volume = new TestVolume();
        opened.add(volume);
        return volume;
    }

    private Containers service(TestVolume volume, String... options) {
        return service(IMAGE, volume, options);
    }

    private Containers service(String image, TestVolume volume, String... options) {
        List<String> all = new ArrayList<>(List.of("-v", volume.name() + ":/data", "--entrypoint", "sh"));
        all.addAll(Arrays.asList(options));
        Containers service = Containers.startWith(image, Map.of(), all, "-c", SERVICE);
        opened.add(service);
        return service;
    }

    private static void assertDone(Cli.Result result) {
        assertThat(result.code()).as(result.output()).isZero();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("in vain: " + what);
            }
            Thread.sleep(50);
        }
    }

    private boolean noJournalIsLeft() throws Exception {
        try (Stream<Path> left = Files.list(cli.home().resolve("interrupted"))) {
            return left.findAny().isEmpty();
        }
    }

    @Test
    void volumesAreBackedUpAndRestored() throws Exception {
        TestVolume volume = volume();
        Containers service = service(DATABASE, volume);
        assertThat(service.exec("sh", "-c", "echo first > /data/file").code()).isZero();
        Cli.Result backup = cli.run("backup", "--volumes", service.name(), "--consistency", "stop");
        assertDone(backup);
        assertThat(backup.output())
                .contains("note: volume " + volume.name() + " is read ")
                .contains("warning: container " + service.name() + " is PostgreSQL, whose dump is its backup");
        assertThat(state(service.name())).isEqualTo("running");
        service.exec("sh", "-c", "echo second > /data/file; echo more > /data/more");

        String source = service.name() + "-volumes";
        Cli.Result refused = cli.run("restore", source, "--yes");
        assertThat(refused.code()).as(refused.output()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.output()).contains("--empty-first");
        assertThat(service.exec("cat", "/data/file").text()).isEqualTo("second\n");
        Cli.Result restore = cli.run("restore", source, "--yes", "--empty-first");
        assertDone(restore);
        assertThat(restore.output())
                .contains("restored volume " + volume.name())
                .contains("2 entries");
        assertThat(service.exec("sh", "-c", "cat /data/*").text()).isEqualTo("first\n");

        assertDone(cli.run("backup", "--volume", volume.name(), "--name", "one"));
        Cli.Result snapshots = cli.run("snapshots");
        assertThat(snapshots.output()).contains("volumes").contains("crash").contains("application");
        assertThat(cli.run("backup", "--volume", "holdfast-it-none").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(cli.run("backup", "--consistency", "stop", "x").code()).isEqualTo(ExitCode.WRONG_USE);
    }

    @Test
    void filesOutOfAVolumeAreListedAndComeBack() throws Exception {
        TestVolume volume = volume();
        Containers service = service(volume);
        service.exec(
                "sh",
                "-c",
                "cd /data; mkdir -p etc/deep; echo one > etc/deep/file; echo two > etc/two; ln -s two etc/link");
        assertDone(cli.run("backup", "--volumes", service.name()));
        assertDone(cli.run("backup", "--volume", volume.name(), "--through-engine"));

        Cli.Result list = cli.run("ls", service.name(), "/data/etc");
        assertDone(list);
        assertThat(list.output())
                .contains(" /data/etc\n", " /data/etc/deep/file\n", " /data/etc/link -> two\n")
                .contains("volumes/" + volume.name() + ".tar")
                .doesNotContain(" /data\n");
        assertThat(cli.run("ls", volume.name()).output()).contains(" /\n", " /etc/deep/file\n");
        assertThat(cli.run("ls", service.name(), "/etc").code()).isEqualTo(ExitCode.NOT_FOUND);

        service.exec("sh", "-c", "cd /data/etc; rm -r deep; echo changed > two; echo new > new");
        Cli.Result plan = cli.run("restore", service.name(), "--path", "/data/etc/deep", "--dry-run");
        assertDone(plan);
        assertThat(plan.output()).contains("restore /data/etc/deep into volume " + volume.name() + ": 2 entries");
        Cli.Result restored = cli.run("restore", service.name(), "--path", "/data/etc/deep", "--yes");
        assertDone(restored);
        assertThat(state(service.name())).isEqualTo("running");
        assertThat(service.exec("sh", "-c", "cd /data/etc; cat deep/file two new")
                        .text())
                .isEqualTo("one\nchanged\nnew\n");
        assertDone(cli.run(
                "restore",
                volume.name(),
                "--in-place",
                "--path",
                "/etc/two",
                "--yes",
                "--through-engine",
                "--keep-running"));
        assertThat(service.exec("cat", "/data/etc/two").text()).isEqualTo("two\n");
        assertThat(cli.run("restore", service.name(), "--path", "/data/none", "--yes")
                        .code())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(cli.run("restore", service.name(), "--keep-running", "--yes").code())
                .isEqualTo(ExitCode.WRONG_USE);

        Path out = folder.resolve("out");
        assertDone(cli.run("restore", service.name(), "--to-folder", out.toString(), "--path", "/data/etc/two"));
        assertThat(out.resolve("data/etc/two")).hasContent("two\n");
        assertThat(out.resolve("data/etc/deep")).doesNotExist();
        Path all = folder.resolve("all");
        assertDone(cli.run("restore", volume.name(), "--to-folder", all.toString()));
        assertThat(all.resolve("etc/deep/file")).hasContent("one\n");
    }

    @Test
    void aRepositoryInTheVolumeIsWarnedOf() throws Exception {
        TestVolume volume = volume();
        Path place = Path.of(docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume.name())
                .strip());
        assumeTrue(Files.isWritable(place), "the engine's folders are not those of this host, or not writable");
        assertDone(cli.runOn(place.resolve("repository"), "init"));
        Cli.Result backup = cli.runOn(place.resolve("repository"), "backup", "--volume", volume.name());
        assertThat(backup.code()).as(backup.output()).isEqualTo(ExitCode.WARNINGS);
        assertThat(backup.output()).contains("the repository lies in " + place);
    }

    @Test
    void aKillInTheMiddleOfABackupIsTakenBackAtOnce() throws Exception {
        TestVolume volume = volume();
        Containers service = service(volume, "--label", "holdfast.post=echo post >> /tmp/said");
        assertThat(service.exec("sh", "-c", "truncate -s 20G /data/big").code()).isZero();
        for (String how : List.of("pause", "stop")) {
            Process backup = cli.start(
                    cli.storage(),
                    NOTHING,
                    "backup",
                    "--volumes",
                    service.name(),
                    "--consistency",
                    how,
                    "--through-engine");
            await("the volume is read", () -> !helpers(volume.name()).isEmpty() || !backup.isAlive());
            assertThat(backup.isAlive()).as(cli.output()).isTrue();
            assertThat(state(service.name())).isEqualTo(how.equals("pause") ? "paused" : "exited");
            backup.destroyForcibly();
            assertThat(backup.waitFor(20, TimeUnit.SECONDS)).isTrue();
            await("the container runs", () -> state(service.name()).equals("running"));
            await("nothing is left to do", this::noJournalIsLeft);
            assertThat(helpers(volume.name())).isEmpty();
        }
        assertThat(service.exec("cat", "/tmp/said").text()).isEqualTo("post\npost\n");
    }

    @Test
    void whereNobodyWasLeftToDoItTheNextCommandTakesItBack() throws Exception {
        TestVolume volume = volume();
        Containers service = service(volume);
        Path flag = folder.resolve("flag");
        Process backup = cli.start(
                cli.storage(),
                NOTHING,
                "backup",
                "--volumes",
                service.name(),
                "--consistency",
                "pause",
                "--host-pre",
                "touch " + flag + "; exec sleep 30");
        await("the container is quiet", () -> Files.exists(flag) || !backup.isAlive());
        assertThat(state(service.name())).as(cli.output()).isEqualTo("paused");
        // the guardian too, as when the whole machine goes down
        List<ProcessHandle> family = backup.descendants().toList();
        assertThat(family).isNotEmpty();
        family.forEach(ProcessHandle::destroyForcibly);
        backup.destroyForcibly();
        assertThat(backup.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(state(service.name())).isEqualTo("paused");
        Cli.Result next = cli.run("snapshots");
        assertThat(next.output()).contains("an earlier run was cut off; taking back the pause of container");
        assertThat(state(service.name())).isEqualTo("running");
        assertThat(noJournalIsLeft()).isTrue();
        assertThat(docker("ps", "-q", "--filter", "name=" + service.name()).strip())
                .isNotEmpty();
    }
}
