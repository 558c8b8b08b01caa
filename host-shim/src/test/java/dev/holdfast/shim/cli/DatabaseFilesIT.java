package dev.holdfast.shim.cli;

import static dev.holdfast.shim.testing.TestVolume.docker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.testing.Containers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of a database as files of a folder, which the database's own tools take. */
@Timeout(240)
class DatabaseFilesIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("POSTGRES_PASSWORD", "not-a-secret", "POSTGRES_INITDB_ARGS", "--no-sync");
    private static final String SUM = "SELECT count(*), md5(string_agg(m, '' ORDER BY i)) FROM t";

    @TempDir
    Path folder = Path.of("");

    private static String ask(Containers server, String database, String sql) {
        Containers.Output output = server.exec("psql", "-At", "-U", "postgres", "-d", database, "-c", sql);
        assertThat(output.code()).as(output.text()).isZero();
        return output.text();
    }

    @Test
    void theFilesAreWhatTheToolsOfTheDatabaseRead() throws Exception {
        Containers.assumeImage(IMAGE);
        Cli cli = new Cli(folder);
        assertThat(cli.run("init").code()).isZero();
        Path out = folder.resolve("out");
        try (Containers server = Containers.startWith(IMAGE, ENVIRONMENT, List.of())) {
            server.awaitLog(Duration.ofSeconds(60), "init process complete");
            server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
            ask(server, "postgres", "CREATE DATABASE shop");
            ask(server, "postgres", "CREATE ROLE clerk LOGIN PASSWORD 'kept in the globals'");
            ask(server, "shop", "CREATE TABLE t AS SELECT i, md5(i::text) AS m FROM generate_series(1, 20000) i");
            String before = ask(server, "shop", SUM);
            Cli.Result backup = cli.run("backup", server.name(), "--name", "shop-db");
            assertThat(backup.code()).as(backup.output()).isZero();

            Cli.Result one = cli.run("restore", "shop-db", "--to-folder", folder + "/one", "--path", "globals.sql");
            assertThat(one.code()).as(one.output()).isZero();
            try (Stream<Path> files = Files.list(folder.resolve("one"))) {
                assertThat(files).containsExactly(folder.resolve("one/globals.sql"));
            }
            Cli.Result restored = cli.run("restore", "shop-db", "--to-folder", out.toString());
            assertThat(restored.code()).as(restored.output()).isZero();
            assertThat(Files.readString(out.resolve("globals.sql"))).contains("CREATE ROLE clerk");
            List<Path> files;
            try (Stream<Path> all = Files.walk(out)) {
                files = all.filter(Files::isRegularFile).toList();
            }
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
            Path dump = files.stream()
                    .filter(file -> file.getFileName().toString().equals("shop.dump"))
                    .findFirst()
                    .orElseThrow();
            docker("cp", dump.toString(), server.name() + ":/tmp/shop.dump");
            ask(server, "postgres", "CREATE DATABASE again");
            Containers.Output loaded =
                    server.exec("pg_restore", "-U", "postgres", "-d", "again", "--exit-on-error", "/tmp/shop.dump");
            assertThat(loaded.code()).as(loaded.text()).isZero();
            assertThat(ask(server, "again", SUM)).isEqualTo(before);
        }
    }
}
