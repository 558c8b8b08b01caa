package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.testing.Containers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Very many tables and very long rows, through the whole program with the heap that it has by default. */
@Timeout(1800)
class LargeIT {
    private static final String POSTGRES = "holdfast-test/postgres-15:1";
    private static final String MARIADB = "holdfast-test/mariadb:1";
    /** {@code -Dholdfast.large.tables=5000} for the whole. */
    private static final int TABLES = Integer.getInteger("holdfast.large.tables", 300);
    /** Length of the longest row; {@code -Dholdfast.large.mebibytes=900} for the whole. */
    private static final int MEBIBYTES = Integer.getInteger("holdfast.large.mebibytes", 24);

    /** As text a byte has two digits, and a statement of MariaDB has 1 GiB at most. */
    private static final int BLOB_MEBIBYTES = Math.min(MEBIBYTES, 500);

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);
    private Optional<Containers> started = Optional.empty();

    @BeforeEach
    void init() throws Exception {
        cli = new Cli(folder).within(Duration.ofMinutes(12));
        assertThat(cli.run("init").code()).isZero();
    }

    @AfterEach
    void stop() {
        started.ifPresent(Containers::close);
    }

    private Containers server() {
        return started.orElseThrow();
    }

    private void startPostgres() {
        Containers.assumeImage(POSTGRES);
        Containers server =
                Containers.start(POSTGRES, Map.of("POSTGRES_PASSWORD", "not-a-secret"), "postgres", "-c", "fsync=off");
        started = Optional.of(server);
        server.awaitLog(Duration.ofSeconds(60), "init process complete");
        server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
        postgres("postgres", "CREATE DATABASE large");
    }

    private String postgres(String database, String sql) {
        return server().feed(sql, "psql", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database);
    }

    private void startMariadb() {
        Containers.assumeImage(MARIADB);
        Containers server = Containers.start(
                MARIADB,
                Map.of("MARIADB_ROOT_PASSWORD", "not-a-secret"),
                "mariadbd",
                "--innodb-flush-log-at-trx-commit=0",
                "--max-allowed-packet=1G",
                "--innodb-log-file-size=" + (BLOB_MEBIBYTES > 100 ? "6G" : "512M"));
        started = Optional.of(server);
        server.awaitLog(Duration.ofSeconds(150), "init process done");
        server.awaitSuccess(
                Duration.ofSeconds(60), "mariadb", "--user=root", "--password=not-a-secret", "--execute=SELECT 1");
        mariadb("CREATE DATABASE large");
    }

    private String mariadb(String sql) {
        return server().feed(
                        sql,
                        "env",
                        "MYSQL_PWD=not-a-secret",
                        "mariadb",
                        "--user=root",
                        "--batch",
                        "--skip-column-names",
                        "--max-allowed-packet=1G");
    }

    private void backUp() throws Exception {
        Cli.Result backup = cli.run("backup", server().name(), "--name", "large");
        assertThat(backup.code()).as(backup.output()).isZero();
        System.out.println(backup.output());
    }

    private void restore() throws Exception {
        Cli.Result restore = cli.run("restore", "large", "--to", server().name(), "--yes");
        assertThat(restore.code()).as(restore.output()).isZero();
    }

    @Test
    void aPostgresDatabaseOfVeryManyTables() throws Exception {
        startPostgres();
        postgres(
                "large",
                "SELECT format('CREATE TABLE t%s AS SELECT %s AS i; CREATE INDEX ON t%s (i)', i, i, i) FROM generate_series(1, "
                        + TABLES + ") i \\gexec\n");
        String sum = "SELECT count(*), sum(n_live_tup) FROM pg_stat_user_tables";
        backUp();
        postgres("postgres", "DROP DATABASE large");
        restore();
        assertThat(postgres("large", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo(TABLES + "\n");
        assertThat(postgres("large", "SELECT i FROM t" + TABLES)).isEqualTo(TABLES + "\n");
        assertThat(postgres("large", sum)).startsWith(TABLES + "|");
    }

    @Test
    void aPostgresRowOfHundredsOfMebibytes() throws Exception {
        startPostgres();
        postgres(
                "large",
                "CREATE TABLE t AS SELECT string_agg(md5(i::text), '') AS x FROM generate_series(1, " + MEBIBYTES
                        + " * 32768) i; CREATE TABLE b AS SELECT decode(string_agg(md5(i::text), ''), 'hex') AS x FROM"
                        + " generate_series(1, " + Math.min(MEBIBYTES, 500) + " * 65536) i;");
        String before = sum();
        backUp();
        postgres("postgres", "DROP DATABASE large");
        restore();
        assertThat(sum()).isEqualTo(before).startsWith(((long) MEBIBYTES << 20) + "|");
    }

    private String sum() {
        return postgres("large", "SELECT length(x), md5(x) FROM t; SELECT length(x), md5(x) FROM b");
    }

    @Test
    void aMariadbDatabaseOfVeryManyTables() throws Exception {
        startMariadb();
        List<String> tables = new ArrayList<>(List.of("USE large;"));
        for (int i = 1; i <= TABLES; i++) {
            tables.add("CREATE TABLE t" + i + " (i INT PRIMARY KEY); INSERT INTO t" + i + " VALUES (" + i + ");");
        }
        mariadb(String.join("\n", tables));
        backUp();
        mariadb("DROP DATABASE large");
        restore();
        assertThat(mariadb("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'large'"))
                .isEqualTo(TABLES + "\n");
        assertThat(mariadb("SELECT i FROM large.t" + TABLES)).isEqualTo(TABLES + "\n");
    }

    @Test
    void aMariadbBlobOfHundredsOfMebibytes() throws Exception {
        startMariadb();
        mariadb("CREATE TABLE large.t (b LONGBLOB); INSERT INTO large.t VALUES (REPEAT(x'FE270A5C30007F80', "
                + BLOB_MEBIBYTES + " * 131072))");
        String before = mariadb("SELECT LENGTH(b), SHA2(b, 256) FROM large.t");
        backUp();
        mariadb("DROP DATABASE large");
        restore();
        assertThat(mariadb("SELECT LENGTH(b), SHA2(b, 256) FROM large.t"))
                .isEqualTo(before)
                .startsWith(Long.toString((long) BLOB_MEBIBYTES << 20));
    }
}
