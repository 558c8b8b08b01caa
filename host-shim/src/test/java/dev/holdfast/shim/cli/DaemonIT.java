package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as people run it: apply, daemon, status, signals. */
class DaemonIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private Cli cli;

    @BeforeEach
    void aHost() {
        cli = new Cli(folder);
    }

    private Path file(String services, String more) throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, """
                storages:
                  disk: {type: local, path: %s}
                  second: {type: local, path: %s}
                repositories:
                  default: {storage: disk}
                services:
                %s
                %s
                """.formatted(cli.storage(), folder.resolve("copy"), services.indent(2), more));
        return file;
    }

    private void apply(String services, String more) throws Exception {
        Cli.Result applied = cli.runPlain("apply", "--yes", file(services, more).toString());
        assertThat(applied.code()).as(applied.output()).isZero();
    }

    @Test
    void aSourceIsBackedUpCopiedThinnedOutAndFound() throws Exception {
        apply("""
                notes:
                  rpo: 1h
                  sources:
                    - {command: [sh, -c, 'date +%N'], name: notes}
                  schedule: {cron: "* * * * *", zone: UTC, window: 0m}
                  retention: {last: 3}
                  copies:
                    - {storage: second, retention: {last: 2}}
                """, "");
        try (DaemonProcess daemon = DaemonProcess.startFast(folder, cli.home(), Instant.now(), 12)) {
            daemon.await(text -> text.split("backup is whole", -1).length > 6, PATIENCE);
            daemon.terminate(PATIENCE);
        }
        Cli.Result primary = cli.runOn(cli.storage(), "snapshots", "--json");
        assertThat(primary.output().split("\"id\"", -1)).as(primary.output()).hasSize(3 + 1);
        Cli.Result copy = cli.runOn(folder.resolve("copy"), "snapshots", "--json");
        assertThat(copy.output().split("\"id\"", -1)).as(copy.output()).hasSize(2 + 1);
        assertThat(cli.runOn(folder.resolve("copy"), "check", "--read-data").code())
                .isZero();
        Cli.Result status = cli.runPlain("status");
        assertThat(status.code()).as(status.output()).isEqualTo(ExitCode.WARNINGS);
        assertThat(status.output()).contains("notes", "FRESH", "notes in copy second", "no daemon runs on this host");
        Cli.Result schedule = cli.runPlain("schedule", "list");
        assertThat(schedule.output()).as(schedule.output()).contains("notes", "* * * * *", "completed");
    }

    @Test
    void aFailureIsToldAndSoIsItsEnd() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            told.add(exchange.getRequestURI().getPath() + " " + body);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        Path broken = folder.resolve("broken");
        Files.createFile(broken);
        apply("""
                shaky:
                  rpo: 1h
                  sources:
                    - {command: [sh, -c, 'test ! -e %s && echo whole'], name: shaky}
                  schedule: {cron: "* * * * *", zone: UTC, window: 0m}
                """.formatted(broken), """
                notifications:
                  - {webhook: env:HOOK_URL}
                  - {ping: env:PING_URL}
                """);
        Map<String, String> secrets = Map.of("HOOK_URL", url + "/hook", "PING_URL", url + "/ping");
        try (DaemonProcess daemon = DaemonProcess.start(folder, cli.home(), secrets)) {
            await(told, "/ping/start");
            await(told, "/ping/fail");
            await(told, "/hook");
            assertThat(told).anyMatch(one -> one.startsWith("/hook") && one.contains("shaky"));
            assertThat(daemon.output()).contains("backup failed").doesNotContain("Exception");
            Files.delete(broken);
            await(told, "/ping shaky: snapshot");
            daemon.terminate(PATIENCE);
        } finally {
            receiver.stop(0);
        }
        Cli.Result status = cli.runPlain("status", "--json");
        assertThat(status.output()).contains("\"FRESH\"").doesNotContain(url);
    }

    private static void await(List<String> told, String beginning) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (told.stream().noneMatch(one -> one.startsWith(beginning))) {
            assertThat(System.nanoTime()).as(beginning + " in " + told).isLessThan(end);
            Thread.sleep(200);
        }
    }

    @Test
    void aSecondOneIsRefusedAndAWrongConfigurationIsNotTaken() throws Exception {
        String right = """
                notes:
                  sources:
                    - {command: [date], name: notes}
                """;
        apply(right, "");
        try (DaemonProcess daemon = DaemonProcess.start(folder, cli.home(), Map.of(), "--log", "json")) {
            daemon.await(text -> text.contains("is at work"), PATIENCE);
            Cli.Result second = cli.through("env", "JAVA_TOOL_OPTIONS=-Dholdfast.launcher=/bin/false")
                    .runPlain("daemon");
            assertThat(second.code()).as(second.output()).isEqualTo(ExitCode.LOCKED);
            assertThat(second.output())
                    .contains("a daemon runs already on this host (process "
                            + daemon.process().pid() + ")");
            Files.writeString(cli.home().resolve("holdfast.yaml"), "services: [");
            hangUp(daemon);
            daemon.await(text -> text.contains("the configuration is wrong, the old one stays"), PATIENCE);
            apply(right.replace("[date]", "[date, -u]"), "");
            hangUp(daemon);
            daemon.await(text -> text.contains("the configuration was read again"), PATIENCE);
            assertThat(daemon.output().lines()).allMatch(line -> line.startsWith("{\"time\":"));
        }
    }

    private static void hangUp(DaemonProcess daemon) throws Exception {
        assertThat(new ProcessBuilder(
                                "kill", "-HUP", Long.toString(daemon.process().pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void terminationWaitsForWhatRuns() throws Exception {
        apply("""
                slow:
                  rpo: 1h
                  sources:
                    - {command: [sh, -c, 'echo begun; sleep 6; echo done'], name: slow}
                  schedule: {cron: "* * * * *", zone: UTC, window: 0m}
                """, "");
        try (DaemonProcess daemon = DaemonProcess.startFast(folder, cli.home(), Instant.now(), 30)) {
            daemon.await(text -> text.contains("slow: backup begins"), PATIENCE);
            Thread.sleep(2_000);
            assertThat(daemon.terminate(PATIENCE)).as(daemon.output()).isEqualTo(143);
            assertThat(daemon.output()).contains("ending once 1 runs are done", "backup is whole");
        }
        assertThat(cli.run("snapshots", "slow").output()).contains("slow");
    }
}
