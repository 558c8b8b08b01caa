package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.testing.Containers;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code backup --parallel} against a real server. */
@Timeout(240)
class ParallelIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";
    private static final List<String> DATABASES = List.of("a", "b", "c", "d");

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);
    private Optional<Containers> started = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        Containers.assumeImage(IMAGE);
        cli = new Cli(folder);
        assertThat(cli.run("init").code()).isZero();
        Containers server = Containers.start(IMAGE, Map.of("POSTGRES_PASSWORD", "not-a-secret"));
        started = Optional.of(server);
        server.awaitLog(Duration.ofSeconds(60), "init process complete");
        server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
        for (String database : DATABASES) {
            sql("postgres", "CREATE DATABASE " + database);
            sql(
                    database,
                    "CREATE TABLE t AS SELECT i, '" + database
                            + "' || repeat(md5(i::text), 8) AS m FROM generate_series(1, 60000) i");
        }
    }

    @AfterEach
    void stop() {
        started.ifPresent(Containers::close);
    }

    private Containers server() {
        return started.orElseThrow();
    }

    private String sql(String database, String sql) {
        return server().feed(sql, "psql", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database);
    }

    private String sums() {
        StringBuilder sums = new StringBuilder();
        DATABASES.forEach(
                database -> sums.append(sql(database, "SELECT count(*), md5(string_agg(m, '' ORDER BY i)) FROM t")));
        return sums.toString();
    }

    private String dumping() {
        return sql(
                "postgres",
                "SELECT string_agg(DISTINCT datname, ',' ORDER BY datname) FROM pg_stat_activity WHERE application_name ="
                        + " 'holdfast'");
    }

    /** The first database is locked, so that its dump waits: the others can only be read beside it. */
    @Test
    void databasesAreDumpedSideBySideAndComeBack() throws Exception {
        server().execDetached("psql", "-U", "postgres", "-d", "a", "-c", "BEGIN; LOCK TABLE t; SELECT pg_sleep(600)");
        String name = server().name();
        Process backup = cli.start(
                cli.storage(),
                ProcessBuilder.Redirect.from(new File("/dev/null")),
                "backup",
                name,
                "--name",
                "shop",
                "--parallel",
                "3");
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        boolean beside = false;
        while (!beside && System.nanoTime() < deadline && backup.isAlive()) {
            beside = dumping().startsWith("a,");
        }
        assertThat(beside).as(cli.output()).isTrue();
        sql(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND"
                        + " pid <> pg_backend_pid()");
        assertThat(backup.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(backup.exitValue()).as(cli.output()).isZero();

        String before = sums();
        assertThat(cli.run("dump", "shop", "--list").output().lines())
                .containsExactly(
                        "globals.sql",
                        "databases/a.dump",
                        "databases/b.dump",
                        "databases/c.dump",
                        "databases/d.dump",
                        "databases/postgres.dump");
        Cli.Result again = cli.run("backup", name, "--name", "shop");
        assertThat(again.code()).as(again.output()).isZero();
        // each dump begins with the time when it was made
        assertThat(again.output()).containsPattern(", [0-6] of [0-9]{2,} chunks new");
        DATABASES.forEach(database -> sql("postgres", "DROP DATABASE " + database));
        String first = cli.run("snapshots")
                .output()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .split(" ", -1)[0];
        Cli.Result restore = cli.run("restore", "shop", first, "--to", name, "--yes");
        assertThat(restore.code()).as(restore.output()).isZero();
        assertThat(sums()).isEqualTo(before);
    }

    @Test
    void oneThatFailsEndsTheOthersAndLeavesNoSnapshot() throws Exception {
        server().execDetached("psql", "-U", "postgres", "-d", "a", "-c", "BEGIN; LOCK TABLE t; SELECT pg_sleep(600)");
        Process backup = cli.start(
                cli.storage(),
                ProcessBuilder.Redirect.from(new File("/dev/null")),
                "backup",
                server().name(),
                "--parallel",
                "2");
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!dumping().contains("a,b") && System.nanoTime() < deadline && backup.isAlive()) {
            Thread.sleep(20);
        }
        sql(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdfast' AND"
                        + " datname = 'a'");
        assertThat(backup.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(backup.exitValue()).as(cli.output()).isEqualTo(ExitCode.FAILED);
        // who waits for a lock sees only afterwards that its client has gone
        sql(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND"
                        + " pid <> pg_backend_pid()");
        long gone = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!dumping().isBlank()) {
            assertThat(System.nanoTime()).as(dumping()).isLessThan(gone);
        }
        assertThat(cli.run("snapshots").output()).contains("no snapshots");
    }
}
