package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.testing.Containers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of commands in a container, through the program. */
class ContainerCommandIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);
    private Optional<Containers> started = Optional.empty();

    @BeforeEach
    void prepare() throws Exception {
        cli = new Cli(folder);
        started = Optional.of(Containers.start(IMAGE, Map.of(), "sleep", "infinity"));
        container().awaitSuccess(Duration.ofSeconds(30), "true");
        assertThat(cli.run("init").code()).isZero();
    }

    @AfterEach
    void remove() {
        started.ifPresent(Containers::close);
    }

    private Containers container() {
        return started.orElseThrow();
    }

    private Cli.Result backup(String... command) throws Exception {
        String[] whole = new String[command.length + 8];
        String[] begin = {"backup", "--exec", container().name(), "--name", "app", "--as", "app.tar", "--"};
        System.arraycopy(begin, 0, whole, 0, begin.length);
        System.arraycopy(command, 0, whole, begin.length, command.length);
        return cli.run(whole);
    }

    private void assertNoSnapshot() throws Exception {
        assertThat(cli.run("snapshots").output()).contains("no snapshots");
    }

    @Test
    void theOutputComesBackAndNoShellReadsTheWords() throws Exception {
        assertThat(container()
                        .exec(
                                "sh",
                                "-c",
                                "mkdir -p '/srv/$(touch pwned); x' && echo kept > '/srv/$(touch pwned); x/file'")
                        .code())
                .isZero();
        Cli.Result saved = backup("tar", "-C", "/srv/$(touch pwned); x", "-cf", "-", ".");
        assertThat(saved.code()).as(saved.output()).isZero();
        assertThat(cli.run("snapshots").output()).contains(" exec ");
        Cli.Result list = cli.run("ls", "app");
        assertThat(list.output()).contains("app.tar").contains("./file");
        Path out = folder.resolve("out");
        Cli.Result restored = cli.run("restore", "app", "--to-folder", out.toString());
        assertThat(restored.code()).as(restored.output()).isZero();
        Process tar = new ProcessBuilder("tar", "-xOf", out.resolve("app.tar").toString(), "./file").start();
        assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("kept\n");
    }

    @Test
    void aCommandThatFailsHalfWayLeavesNothing() throws Exception {
        Cli.Result failed = backup("sh", "-c", "head -c 30000000 /dev/urandom; echo no more space >&2; exit 7");
        assertThat(failed.code()).as(failed.output()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.output()).contains("7").contains("no more space");
        assertNoSnapshot();
        assertThat(backup("no-such-program").code()).isEqualTo(ExitCode.FAILED);
        assertNoSnapshot();
    }

    @Test
    void aKilledContainerLeavesNothing() throws Exception {
        Process process = cli.start(
                cli.storage(),
                ProcessBuilder.Redirect.from(new java.io.File("/dev/null")),
                "backup",
                "--exec",
                container().name(),
                "--name",
                "app",
                "--",
                "sh",
                "-c",
                "head -c 3000000 /dev/urandom; touch /tmp/begun; exec sleep 600");
        container().awaitSuccess(Duration.ofSeconds(60), "test", "-e", "/tmp/begun");
        container().tell("kill");
        assertThat(process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(cli.output()).isEqualTo(ExitCode.FAILED);
        assertNoSnapshot();
    }

    @Test
    void wrongUseAndMissingContainersHaveTheirCodes() throws Exception {
        assertThat(cli.run("backup", "--exec", "hf-nobody", "--name", "x", "--", "true")
                        .code())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(cli.run("backup", "--exec", container().name(), "--", "true").code())
                .isEqualTo(ExitCode.WRONG_USE);
        assertThat(cli.run("backup", "--exec", container().name(), "--name", "x")
                        .code())
                .isEqualTo(ExitCode.WRONG_USE);
        Cli.Result empty = backup("true");
        assertThat(empty.code()).as(empty.output()).isEqualTo(ExitCode.WARNINGS);
        assertThat(empty.output()).contains("printed nothing");
    }
}
