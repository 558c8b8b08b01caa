package dev.holdfast.shim.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.testing.Containers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class ExecStreamIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";

    private Engine engine;
    private Containers box;
    private Container container;

    @BeforeAll
    void start() throws IOException {
        Containers.assumeImage(IMAGE);
        engine = Engine.connect(DockerEndpoint.of(System.getenv()));
        box = idle();
        container = engine.runningContainer(box.name());
    }

    @AfterAll
    void stop() throws IOException {
        if (box != null) {
            box.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private static Containers idle() {
        return Containers.startWith(
                IMAGE, Map.of("A_SETTING", "its value"), java.util.List.of("--entrypoint", "sleep"), "600");
    }

    @Test
    void describes_containers() throws IOException {
        assertThat(container.name()).isEqualTo(box.name());
        assertThat(container.variable("A_SETTING")).contains("its value");
        assertThat(container.toString()).doesNotContain("its value");
        assertThat(engine.containers()).anyMatch(found -> found.name().equals(box.name()) && found.isRunning());
        assertThatThrownBy(() -> engine.container("holdfast-it-nobody"))
                .isInstanceOf(EngineException.ContainerNotFound.class)
                .hasMessage("container holdfast-it-nobody does not exist");
    }

    @Test
    void ends_only_after_exit_code_zero() throws IOException {
        try (ExecStream exec = engine.start(container, sh("echo out; echo err >&2; exit 0"))) {
            assertThat(exec.stdout().readAllBytes()).asString(UTF_8).isEqualTo("out\n");
            assertThat(exec.stderrTail()).isEqualTo("err");
            assertThat(exec.stdout().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_failed_command_fails_the_read_and_goes_on_failing() throws IOException {
        ExecCommand command = sh("echo out; echo broken table >&2; exit 3").withEnvironment(Map.of("P", "hunter2"));
        try (ExecStream exec = engine.start(container, command)) {
            InputStream stdout = exec.stdout();
            assertThat(stdout.readNBytes(4)).asString(UTF_8).isEqualTo("out\n");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(stdout::read)
                        .isInstanceOf(DumpFailedException.class)
                        .hasMessageContaining("sh in container " + box.name() + " ended with exit code 3")
                        .hasMessageContaining("broken table")
                        .hasMessageNotContaining("hunter2");
            }
        }
    }

    @Test
    void separates_the_streams_and_bounds_stderr() throws IOException {
        String script =
                "i=0; while [ $i -lt 3000 ]; do echo o$i; echo e$i-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa >&2; i=$((i+1)); done";
        ExecResult result = engine.run(container, sh(script));
        assertThat(result.stdout().lines()).hasSize(3000).allMatch(line -> line.startsWith("o"));
        assertThat(result.stderr().length()).isBetween(60_000, 65_536);
        assertThat(result.stderr()).endsWith("e2999-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    }

    @Test
    void arguments_and_environment_arrive_unchanged() throws IOException {
        String awkward = "a b'c\"d$(touch /tmp/pwned)`id`;&|\n*ü\\";
        assertThat(engine.run(container, ExecCommand.of("printf", "%s", awkward))
                        .stdout())
                .isEqualTo(awkward);
        assertThat(engine.run(
                                container,
                                ExecCommand.of("printenv", "AWKWARD").withEnvironment(Map.of("AWKWARD", awkward)))
                        .stdout())
                .isEqualTo(awkward + "\n");
        assertThat(box.exec("ls", "/tmp/pwned").code()).isNotZero();
    }

    @Test
    void runs_as_the_user_asked_for() throws IOException {
        assertThat(engine.run(container, ExecCommand.of("id", "-un").withUser(Optional.of("postgres")))
                        .stdout())
                .isEqualTo("postgres\n");
    }

    @Test
    void a_missing_command_is_told_apart() throws IOException {
        ExecResult result = engine.run(container, ExecCommand.of("no_such_tool"));
        assertThat(result.commandMissing()).isTrue();
        assertThat(engine.run(container, ExecCommand.of("no_such_tool").withStdin())
                        .commandMissing())
                .isTrue();
    }

    @Test
    void half_closes_stdin() throws IOException {
        byte[] data = new byte[20 << 20];
        new java.util.Random(7).nextBytes(data);
        ExecResult result = engine.run(container, ExecCommand.of("sha256sum"), new ByteArrayInputStream(data));
        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).startsWith(sha256(data));
    }

    @Test
    void a_command_that_does_not_read_its_input_ends_with_its_own_words() throws IOException {
        byte[] data = new byte[20 << 20];
        ExecResult result = engine.run(
                container, ExecCommand.of("sh", "-c", "echo no room >&2; exit 5"), new ByteArrayInputStream(data));
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.stderr()).isEqualTo("no room");
        assertThatThrownBy(() -> engine.run(container, ExecCommand.of("true"), new ByteArrayInputStream(data)))
                .isInstanceOf(DumpFailedException.class)
                .hasMessageContaining("ended before it had read all of its input");
    }

    @Test
    void a_failing_input_kills_the_command_before_it_sees_an_end() {
        InputStream half = new InputStream() {
            private int left = 1000;

            @Override
            public int read() throws IOException {
                return read(new byte[1], 0, 1);
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (left-- == 0) {
                    throw new IOException("chunk 7 does not match");
                }
                return 1;
            }
        };
        ExecCommand command = ExecCommand.of("sh", "-c", "while read -r x; do :; done; : >/tmp/took-half-for-whole");
        assertThatThrownBy(() -> engine.run(container, command, half)).hasMessage("chunk 7 does not match");
        assertThat(box.exec("ls", "/tmp/took-half-for-whole").code()).isNotZero();
    }

    @Test
    void closing_early_leaves_no_process() throws Exception {
        try (ExecStream exec = engine.start(container, ExecCommand.of("yes", "orphan-a"))) {
            assertThat(exec.stdout().readNBytes(1000)).hasSize(1000);
        }
        assertThat(processes("orphan-a")).isEmpty();
        try (ExecStream exec = engine.start(container, sh("trap '' TERM; yes orphan-b & yes orphan-b"))) {
            assertThat(exec.stdout().readNBytes(1000)).hasSize(1000);
        }
        assertThat(processes("orphan-b")).isEmpty();
        try (ExecStream exec =
                engine.start(container, ExecCommand.of("sleep", "4242").withStdin())) {
            assertThat(exec.stderrTail()).isEmpty();
        }
        assertThat(processes("4242")).isEmpty();
    }

    @Test
    void a_normal_end_leaves_no_lifeline_behind() throws Exception {
        engine.run(container, sh("true"));
        Thread.sleep(200);
        assertThat(processes("lifeline")).isEmpty();
    }

    @Test
    @Timeout(20)
    void a_killed_command_fails_the_read_even_when_a_child_holds_the_pipe() throws Exception {
        try (ExecStream exec = engine.start(
                container,
                ExecCommand.of("sh", "-c", "sleep 61 & echo $$; exec sleep 62").withStdin())) {
            String pid = new String(exec.stdout().readNBytes(2), UTF_8).strip();
            assertThat(pid).isNotEmpty();
            box.exec(
                    "sh",
                    "-c",
                    "for f in /proc/[0-9]*/cmdline; do grep -q 62 $f && p=${f#/proc/} && kill -9 ${p%/cmdline}; done");
            assertThatThrownBy(() -> exec.stdout().readAllBytes())
                    .isInstanceOf(DumpFailedException.class)
                    .hasMessageContaining("137");
        }
    }

    /** As the end of memory may do: the shell around a command is killed alone, and the command does not mind. */
    @Test
    @Timeout(60)
    void a_killed_shell_fails_the_read_though_its_command_goes_on_writing() throws Exception {
        for (String pace : java.util.List.of("yes orphan-c", "while :; do echo orphan-c; sleep 0.3; done")) {
            try (ExecStream exec = engine.start(container, sh("trap '' TERM; " + pace))) {
                assertThat(exec.stdout().readNBytes(9)).asString(UTF_8).isEqualTo("orphan-c\n");
                box.execDetached(
                        "sh",
                        "-c",
                        "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline | grep -q ' holdfast sh -c trap' &&"
                                + " grep -q '^PPid:.0$' $p/status; then kill -9 ${p#/proc/}; fi; done");
                long begin = System.nanoTime();
                assertThatThrownBy(() -> exec.stdout().transferTo(java.io.OutputStream.nullOutputStream()))
                        .as(pace)
                        .isInstanceOf(DumpFailedException.class)
                        .hasMessageContaining("137");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            }
            assertThat(processes("orphan-c")).as(pace).isEmpty();
        }
    }

    @Test
    @Timeout(30)
    void a_killed_container_fails_the_read() throws Exception {
        try (Containers victim = idle();
                ExecStream exec = engine.start(engine.runningContainer(victim.name()), sh("echo begun; sleep 60"))) {
            assertThat(exec.stdout().readNBytes(6)).hasSize(6);
            victim.tell("kill");
            long begin = System.nanoTime();
            assertThatThrownBy(() -> exec.stdout().readAllBytes()).isInstanceOf(DumpFailedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void a_stopped_container_says_so() {
        try (Containers stopped = idle()) {
            stopped.tell("kill");
            assertThatThrownBy(() -> engine.runningContainer(stopped.name()))
                    .isInstanceOf(EngineException.ContainerNotRunning.class)
                    .hasMessage("container " + stopped.name() + " is exited, not running: start it and try again");
            assertThatThrownBy(() -> engine.run(engine.container(stopped.name()), sh("true")))
                    .isInstanceOf(EngineException.ContainerNotRunning.class);
        }
    }

    @Test
    void streams_fast() throws IOException {
        long bytes = 1L << 30;
        byte[] buffer = new byte[256 << 10];
        long cpu = processCpuNanos();
        long begin = System.nanoTime();
        long total = 0;
        try (ExecStream exec =
                engine.start(container, ExecCommand.of("head", "-c", Long.toString(bytes), "/dev/zero"))) {
            InputStream stdout = exec.stdout();
            for (int n = stdout.read(buffer); n >= 0; n = stdout.read(buffer)) {
                total += n;
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = (processCpuNanos() - cpu) / 1e9;
        System.out.printf(
                "exec stdout: %.0f MB/s, %.2f CPU seconds of this process for %d MiB%n",
                total / 1e6 / seconds, cpuSeconds, total >> 20);
        assertThat(total).isEqualTo(bytes);
        // Wall time belongs to the engine and to whoever shares the machine; the cost here is ours.
        assertThat(cpuSeconds).isLessThan(5);
    }

    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private String processes(String part) {
        return box.exec(
                        "sh",
                        "-c",
                        "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$f 2>/dev/null | grep -v 'for f in' | grep -e "
                                + part + "; done")
                .text();
    }

    private static String sha256(byte[] data) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(data));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ExecCommand sh(String script) {
        return ExecCommand.of("sh", "-c", script);
    }
}
