package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.testing.Containers;
import dev.holdfast.shim.testing.SocketProxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Discovery on a real engine. Other containers of the machine are left out by a Compose project of this test's own. */
@Timeout(300)
class DiscoveryIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";

    @TempDir
    Path folder = Path.of("");

    private final String project = "it" + UUID.randomUUID().toString().substring(0, 8);
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private Cli cli = new Cli(folder);

    @BeforeEach
    void init() throws Exception {
        Containers.assumeImage(IMAGE);
        cli = new Cli(folder);
        assertThat(cli.run("init").code()).isZero();
    }

    @AfterEach
    void close() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    private Containers container(String image, String service, List<String> options, String... command) {
        List<String> all = new ArrayList<>(List.of(
                "--label",
                "com.docker.compose.project=" + project,
                "--label",
                "com.docker.compose.service=" + service));
        all.addAll(options);
        Containers container = Containers.startWith(
                image, Map.of("POSTGRES_PASSWORD", "not-a-secret", "POSTGRES_INITDB_ARGS", "--no-sync"), all, command);
        toClose.push(container);
        return container;
    }

    private static Containers ready(Containers server) {
        server.awaitLog(Duration.ofSeconds(60), "init process complete");
        return server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
    }

    private void remove(Containers container) {
        toClose.remove(container);
        container.close();
    }

    private String tagged(String name) {
        String image = project + "/" + name + ":1";
        Containers.tag(IMAGE, image);
        toClose.push(() -> Containers.untag(image));
        return image;
    }

    private static void fill(Containers server) {
        server.feed(
                "CREATE DATABASE scratch;\nCREATE DATABASE shop;\n\\c shop\n"
                        + "CREATE TABLE t AS SELECT i, md5(i::text) AS m FROM generate_series(1, 50000) i;",
                "psql",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres");
    }

    private static String sum(Containers server) {
        return server.feed(
                "SELECT count(*), md5(string_agg(m, '' ORDER BY i)) FROM t",
                "psql",
                "-At",
                "-U",
                "postgres",
                "-d",
                "shop");
    }

    private static Cli.Result backUpAll(Cli cli, String pattern) throws Exception {
        return cli.run("backup", "--all", "--pattern", pattern);
    }

    /** All of it through a socket proxy that lets pass no more than is documented. */
    @Test
    void whatIsFoundIsBackedUpAndWhatGoesIsSaidOnceAndComesBack() throws Exception {
        Containers byImage = container(IMAGE, "a", List.of("--label", "holdfast.exclude=scratch"));
        Containers byLabel = container(
                tagged("shop"),
                "b",
                List.of("--label", "holdfast.source=postgres", "--label", "holdfast.exclude=typo"));
        container(IMAGE, "off", List.of("--label", "holdfast.enable=false"), "sleep", "600");
        Containers stopped = container(IMAGE, "stopped", List.of());
        stopped.tell("kill");
        Containers unrelated = container(tagged("web"), "web", List.of("--entrypoint", "sleep"), "600");
        Containers fresh = container(IMAGE, "new", List.of("--label", "holdfast.enable=true"));
        fresh.tell("pause");
        fill(ready(byImage));
        ready(byLabel);
        String pattern = project + "-*";
        try (SocketProxy proxy = new SocketProxy(DockerEndpoint.of(System.getenv()))) {
            Cli proxied = cli.withEnvironment(Map.of("DOCKER_HOST", proxy.address()));

            Cli.Result discover = proxied.runPlain("discover", "--pattern", pattern);
            assertThat(discover.code()).as(discover.output()).isEqualTo(ExitCode.WARNINGS);
            assertThat(discover.output())
                    .containsPattern(
                            project + "-a +PostgreSQL +" + byImage.name() + " .* image holdfast-test/postgres-15")
                    .containsPattern(
                            project + "-b +PostgreSQL +" + byLabel.name() + " .* label holdfast.source=postgres")
                    .containsPattern("! +" + stopped.name() + " .* exited")
                    .containsPattern("! +" + fresh.name() + " .* paused")
                    .containsPattern(unrelated.name() + " .* image " + project + "/web is no database known here")
                    .contains("label holdfast.enable=false")
                    .contains("Its data volume is not archived");

            Cli.Result first = backUpAll(proxied, pattern);
            assertThat(first.code()).as("%s %s", first.output(), proxy.faults()).isEqualTo(ExitCode.WARNINGS);
            assertThat(first.output())
                    .contains("2 of 2 sources backed up, 0 failed, 3 warnings")
                    .contains("label holdfast.exclude names database typo, which is not there")
                    .contains("container " + fresh.name() + " is not backed up: paused")
                    .contains("container " + stopped.name() + " is not backed up: exited");

            remove(stopped);
            remove(byLabel);
            fresh.tell("unpause");
            ready(fresh);
            Containers broken = container(
                    IMAGE, "0broken", List.of("--label", "holdfast.source=postgres", "--entrypoint", "sleep"), "600");
            Cli.Result second = backUpAll(proxied, pattern);
            assertThat(second.code()).as(second.output()).isEqualTo(ExitCode.FAILED);
            assertThat(second.output())
                    .contains("backup of " + project + "-0broken failed: ")
                    .contains(" of " + project + "-a is whole")
                    .contains(" of " + project + "-new is whole")
                    .contains("2 of 3 sources backed up, 1 failed, 1 warnings")
                    .contains("source " + project + "-b has no container any more (it was " + byLabel.name()
                            + "); its 1 snapshot stays");

            remove(broken);
            Cli.Result third = backUpAll(proxied, pattern);
            assertThat(third.code()).as(third.output()).isZero();
            assertThat(third.output()).doesNotContain("any more");
            assertThat(cli.run("snapshots").output()).contains(project + "-b").doesNotContain("0broken");

            String before = sum(byImage);
            byImage.feed("DROP DATABASE shop; DROP DATABASE scratch", "psql", "-U", "postgres");
            Cli.Result restore = proxied.run("restore", project + "-a", "--yes");
            assertThat(restore.code())
                    .as("%s %s", restore.output(), proxy.faults())
                    .isZero();
            assertThat(restore.output()).doesNotContain("restored scratch");
            assertThat(sum(byImage)).isEqualTo(before).startsWith("50000|");

            assertThat(proxy.refused()).isEmpty();
            assertThat(proxy.used()).isEqualTo(SocketProxy.rules());
            assertThat(status(proxy, "GET", "/v1.41/images/json")).isEqualTo(403);
            assertThat(status(proxy, "POST", "/v1.41/containers/create")).isEqualTo(403);
            assertThat(proxy.refused()).containsExactly("GET /images/json", "POST /containers/create");
        }
    }

    private static int status(SocketProxy proxy, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
