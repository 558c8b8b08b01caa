package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More that goes wrong around the program: memory that ends, hosts that meet, disks that fill, a death at the worst moment. */
class CliMishapsIT {
    private static final ProcessBuilder.Redirect NOTHING = ProcessBuilder.Redirect.from(new java.io.File("/dev/null"));

    @TempDir
    private Path folder = Path.of("");

    private Cli cli = new Cli(folder);

    @BeforeEach
    void home() {
        cli = new Cli(folder);
    }

    private Path data(long seed, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Files.write(folder.resolve("data-" + seed), content);
    }

    private static String[] backupOf(Path data) {
        return new String[] {"backup", "--from-command", "app", "--", "cat", data.toString()};
    }

    private static void assertDone(Cli.Result result) {
        assertThat(result.code()).as(result.output()).isZero();
    }

    private static List<Path> files(Path below) throws IOException {
        if (!Files.exists(below)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** 60 MiB end with the second buffer of 16 MiB; 100 MiB with the second pack of 32 MiB, with chunks and threads at work. */
    @Test
    void memoryThatEndsEndsTheRunInWords() throws Exception {
        assertDone(cli.run("init"));
        Path data = data(1, 60_000_000);
        for (String heap : List.of("60m", "100m")) {
            Cli.Result starved = cli.withHeap(heap).run(backupOf(data));
            assertThat(starved.code()).as(starved.output()).isEqualTo(ExitCode.FAILED);
            assertThat(starved.output())
                    .contains("out of memory")
                    .contains("HOLDFAST_JAVA_OPTIONS")
                    .doesNotContain("at dev.holdfast");
            assertThat(files(cli.storage().resolve("snapshots"))).isEmpty();
        }
        assertDone(cli.run(backupOf(data)));
        assertDone(cli.run("check", "--read-data"));
    }

    /** The storage kills the program at the moment in which the repository comes to be. */
    @Test
    void whoDiesWhileMakingARepositoryHasItsKeyAlready() throws Exception {
        CompletableFuture<Process> init = new CompletableFuture<>();
        CompletableFuture<String> stored = new CompletableFuture<>();
        HttpServer bucket = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bucket.createContext("/", exchange -> answer(exchange, init, stored));
        bucket.start();
        try {
            Files.createDirectories(
                    cli.home(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path secret = ownersOnly(folder.resolve("s3-secret"), "not-checked-by-this-server");
            ownersOnly(cli.home().resolve("storages.json"), """
                    {"storages": {"bucket": {"type": "s3",
                      "settings": {"bucket": "backups", "region": "here", "access-key-id": "a", "endpoint": "http://127.0.0.1:%d"},
                      "secrets": {"secret-key": "file:%s"}}}}
                    """.formatted(
                            bucket.getAddress().getPort(), secret));
            Process process = cli.start("bucket", NOTHING, "init");
            init.complete(process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(cli.output()).isEqualTo(137);
            String descriptor = stored.get(1, TimeUnit.SECONDS);
            List<Path> keys = files(cli.home().resolve("identities"));
            assertThat(keys).hasSize(1);
            String recipient = Arrays.stream(Files.readString(keys.getFirst()).split("\\s+"))
                    .filter(word -> word.startsWith("holdfast-recipient-x25519:"))
                    .findFirst()
                    .orElseThrow();
            assertThat(descriptor).as("sealed to the key that was kept").contains(recipient);
            assertThat(files(cli.home().resolve("secrets"))).hasSize(1);
            assertDone(cli.run("init"));
        } finally {
            bucket.stop(0);
        }
    }

    private static Path ownersOnly(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void answer(HttpExchange exchange, CompletableFuture<Process> init, CompletableFuture<String> stored)
            throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("PUT")) {
            init.join().destroyForcibly();
            stored.complete(body);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            byte[] empty = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, empty.length);
            exchange.getResponseBody().write(empty);
        }
        exchange.close();
    }

    @Test
    void aRepositoryThatCouldNotBeMadeLeavesNoKeys() throws Exception {
        Files.createDirectories(cli.storage());
        Files.writeString(cli.storage().resolve("descriptor"), "a file where a folder must be");
        Cli.Result refused = cli.run("init");
        assertThat(refused.code()).as(refused.output()).isEqualTo(ExitCode.FAILED);
        assertThat(files(cli.home().resolve("identities"))).isEmpty();
        assertThat(files(cli.home().resolve("secrets"))).isEmpty();
    }

    @Test
    void hostsThatShareARepositoryAndASourceDoNotHarmEachOther() throws Exception {
        assertDone(cli.run("init"));
        Path key = files(cli.home().resolve("identities")).getFirst();
        List<Process> running = new ArrayList<>();
        List<Cli> hosts = new ArrayList<>();
        for (String name : List.of("b", "c")) {
            Cli host = new Cli(Files.createDirectory(folder.resolve(name)));
            assertDone(host.runOn(cli.storage(), "init", "--join", "--identity", key.toString()));
            hosts.add(host);
        }
        Path data = data(1, 20_000_000);
        for (Cli host : hosts) {
            running.add(host.start(cli.storage(), NOTHING, backupOf(data)));
        }
        for (int i = 0; i < running.size(); i++) {
            assertThat(running.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
            // a host that read the descriptor before the others were pinned does not build upon what they wrote, and
            // says so
            assertThat(running.get(i).exitValue()).as(hosts.get(i).output()).isIn(ExitCode.DONE, ExitCode.WARNINGS);
        }
        assertThat(files(cli.storage().resolve("snapshots"))).hasSize(2);
        Cli.Result check = cli.run("check", "--read-data");
        assertDone(check);
        assertThat(check.output()).contains("2 snapshots are whole");
    }

    @Test
    void aFullDiskUnderTheCatalogDoesNotCallAWholeBackupFailed() throws Exception {
        Files.createDirectories(cli.home());
        assumeTrue(
                command(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=8m,mode=700",
                        "tmpfs",
                        cli.home().toString()),
                "a tmpfs can be mounted (root)");
        try {
            assertDone(cli.run("init"));
            Path data = data(1, 1_000_000);
            assertDone(cli.run(backupOf(data)));
            Path fill = cli.home().resolve("fill");
            Cli.Result full = cli.run(
                    "backup",
                    "--from-command",
                    "app",
                    "--",
                    "sh",
                    "-c",
                    "cat " + data + "; cat /dev/zero > " + fill + " 2>/dev/null || true");
            assertThat(full.code()).as(full.output()).isEqualTo(ExitCode.WARNINGS);
            assertThat(full.output()).contains("is whole").contains("could not be recorded");
            assertThat(files(cli.storage().resolve("snapshots"))).hasSize(2);
            Files.delete(fill);
            assertDone(cli.run(backupOf(data)));
            assertDone(cli.run("check", "--read-data"));
        } finally {
            command("umount", cli.home().toString());
        }
    }

    private static boolean command(String... words) throws Exception {
        return new ProcessBuilder(words).start().waitFor() == 0;
    }
}
