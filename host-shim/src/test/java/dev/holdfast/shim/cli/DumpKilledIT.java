package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.testing.Containers;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the end of memory does in a container, one process at a time, and then for real: a failure within seconds, and no snapshot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class DumpKilledIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";
    private static final Duration SOON = Duration.ofSeconds(30);

    /** The shell around pg_dump: of those with its name the one that the engine started. */
    private static final String KILL_WRAPPER = """
            for p in /proc/[0-9]*; do
              if [ "$(cat $p/comm)" = sh ] && tr '\\0' ' ' <$p/cmdline | grep -q 'holdfast pg_dump --format' \\
                && grep -q '^PPid:.0$' $p/status; then kill -9 ${p#/proc/}; fi
            done""";

    private static final String KILL_DUMP =
            "for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = pg_dump ]; then kill -9 ${p#/proc/}; fi; done";

    private static final String KILL_BACKEND =
            "kill -9 $(psql -U postgres -Atc \"SELECT pid FROM pg_stat_activity WHERE"
                    + " application_name = 'holdfast' AND datname = 'shop' AND wait_event_type = 'Lock' LIMIT 1\")";

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);
    private Containers server;

    @BeforeAll
    void start() {
        Containers.assumeImage(IMAGE);
        server = Containers.start(IMAGE, Map.of("POSTGRES_PASSWORD", "not-a-secret"));
        ready(server);
        sql("postgres", "CREATE DATABASE shop");
        sql("shop", "CREATE TABLE a AS SELECT i FROM generate_series(1, 200000) i; CREATE TABLE b AS SELECT 1 AS x");
    }

    private static void ready(Containers server) {
        server.awaitLog(Duration.ofSeconds(60), "init process complete");
        server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void init() throws Exception {
        cli = new Cli(folder);
        if (!folder.resolve("home").toFile().exists()) {
            assertThat(cli.run("init").code()).isZero();
        }
    }

    private String sql(String database, String sql) {
        return server.feed(sql, "psql", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database);
    }

    private Process backup() throws Exception {
        return cli.start(
                cli.storage(),
                ProcessBuilder.Redirect.from(new File("/dev/null")),
                "backup",
                server.name(),
                "--name",
                "s");
    }

    /** Kills in the middle of a dump, which waits for a locked table meanwhile. */
    private String killed(String script) throws Exception {
        server.execDetached("psql", "-U", "postgres", "-d", "shop", "-c", "BEGIN; LOCK TABLE b; SELECT pg_sleep(600)");
        try {
            Process backup = backup();
            String waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast' AND"
                    + " wait_event_type = 'Lock' AND datname = 'shop'";
            await(waiting, "2\n");
            server.exec("sh", "-c", script);
            return failsSoon(backup);
        } finally {
            server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
            sql(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%'"
                            + " AND pid <> pg_backend_pid()");
            // who waits for a lock sees only afterwards that its client has gone
            await("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast'", "0\n");
        }
    }

    private void await(String query, String answer) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!sql("postgres", query).equals(answer)) {
            assertThat(System.nanoTime()).as("%s: %s", query, cli.output()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private String failsSoon(Process backup) throws Exception {
        long begin = System.nanoTime();
        assertThat(backup.waitFor(SOON.toSeconds() * 3, TimeUnit.SECONDS))
                .as(cli.output())
                .isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(cli.output()).isLessThan(SOON);
        assertThat(backup.exitValue()).as(cli.output()).isEqualTo(ExitCode.FAILED);
        String said = cli.output();
        server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
        assertThat(server.exec("sh", "-c", "cat /proc/[0-9]*/comm").text()).doesNotContain("pg_dump");
        assertThat(cli.run("snapshots").output()).contains("no snapshots");
        return said;
    }

    private long crashes() {
        return server.log()
                .lines()
                .filter(line -> line.contains("terminated by signal"))
                .count();
    }

    @Test
    void theShellAroundTheDump() throws Exception {
        long before = crashes();
        assertThat(killed(KILL_WRAPPER)).contains("pg_dump in container " + server.name());
        assertThat(crashes())
                .as("what was left behind ended without harm to the server")
                .isEqualTo(before);
    }

    @Test
    void theDump() throws Exception {
        long before = crashes();
        assertThat(killed(KILL_DUMP)).contains("ended with exit code 137");
        assertThat(crashes()).isEqualTo(before);
    }

    @Test
    void theServersProcessThatTheDumpTalksTo() throws Exception {
        assertThat(killed(KILL_BACKEND)).contains("pg_dump");
    }

    /** A row whose parts its server has room for one by one, and not all at once, as a dump needs them. */
    @Test
    void memoryThatEnds() throws Exception {
        try (Containers small = Containers.startWith(
                IMAGE,
                Map.of("POSTGRES_PASSWORD", "not-a-secret"),
                List.of("--memory", "300m", "--memory-swap", "300m"),
                "postgres",
                "-c",
                "shared_buffers=16MB",
                "-c",
                "fsync=off")) {
            ready(small);
            small.feed(LARGE_ROW, "psql", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres");
            long begin = System.nanoTime();
            Cli.Result backup = cli.run("backup", small.name(), "--name", "small");
            assertThat(backup.code()).as(backup.output()).isEqualTo(ExitCode.FAILED);
            assertThat(backup.output()).contains("pg_dump in container " + small.name());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(100));
            assertThat(small.log()).contains("terminated by signal 9");
            assertThat(cli.run("snapshots").output()).contains("no snapshots");
        }
    }

    private static final String LARGE_ROW = """
            CREATE TABLE t (a text, b text, c text, d text, e text, f text, g text, h text);
            SELECT format('ALTER TABLE t ALTER %I SET STORAGE EXTERNAL', n) FROM unnest('{a,b,c,d,e,f,g,h}'::text[]) n \\gexec
            INSERT INTO t VALUES ('', '', '', '', '', '', '', '');
            SELECT format('UPDATE t SET %I = repeat(%L, 40 << 16)', n, '0123456789abcdef')
            FROM unnest('{a,b,c,d,e,f,g,h}'::text[]) n \\gexec
            """;
}
