package dev.holdfast.shim.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.SnapshotStreams;
import dev.holdfast.shim.testing.Containers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Servers, the databases in them, and ways to compare them that share nothing with the code under test. */
final class PostgresFixture {
    static final String WEIRD = "we\"ird 'näme' $(touch /tmp/pwned);`id` a=b/c%d 日本";
    static final String PASSWORD = "s3cret-in-no-list";

    private PostgresFixture() {}

    static Engine engine() throws IOException {
        return Engine.connect(DockerEndpoint.of(System.getenv()));
    }

    /** An empty server, ready. */
    static Containers server(String image) {
        return ready(Containers.start(image, Map.of("POSTGRES_PASSWORD", PASSWORD)), "postgres");
    }

    static Containers ready(Containers server, String user) {
        server.awaitLog(Duration.ofSeconds(60), "init process complete");
        return server.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", user, "-d", "template1", "-c", "SELECT 1");
    }

    /** A server with every awkward thing in it. */
    static Containers filledServer(String image) {
        Containers server = server(image);
        sql(server, "postgres", resource("cluster.sql"));
        sql(server, "shop", resource("shop.sql"));
        sql(server, WEIRD, "CREATE TABLE t (x int); INSERT INTO t VALUES (1), (2), (3)");
        sql(server, "postgres", "CREATE TABLE in_postgres (x int); INSERT INTO in_postgres VALUES (7)");
        return server;
    }

    static String sql(Containers server, String database, String sql) {
        return server.feed(
                sql,
                "psql",
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
                "-d",
                Sql.connection(database, "postgres"));
    }

    /** Schema as pg_dump prints it, without the lines that differ between any two runs. */
    static String schema(Containers server, String database) {
        String dump = server.exec(
                        "pg_dump", "--schema-only", "-U", "postgres", "-d", Sql.connection(database, "postgres"))
                .text();
        return dump.lines()
                .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
                .collect(Collectors.joining("\n"));
    }

    /** An md5 of every table's sorted rows, of sequences, and of large objects. */
    static String checksums(Containers server, String database) {
        String queries = sql(server, database, """
                SELECT format('SELECT %L, count(*), md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C"), '''')) FROM ONLY %I.%I t;',
                    nspname || '.' || relname, nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE relkind IN ('r', 'm') AND relispopulated AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1;
                SELECT 'SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2;';
                SELECT 'SELECT md5(string_agg(md5(lo_get(oid)), '','' ORDER BY oid)) FROM pg_largeobject_metadata;';
                """);
        return sql(server, database, queries);
    }

    /** Owner, locale, grants, settings and comment of each database; roles with passwords, settings and memberships. */
    static String cluster(Containers server) {
        return sql(server, "postgres", """
                SELECT datname, pg_get_userbyid(datdba), encoding, datcollate, datctype, datconnlimit, datallowconn,
                    (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a), shobj_description(oid, 'pg_database')
                FROM pg_database ORDER BY datname COLLATE "C";
                SELECT coalesce(d.datname, ''), coalesce(r.rolname, ''), setconfig FROM pg_db_role_setting s
                LEFT JOIN pg_database d ON d.oid = setdatabase LEFT JOIN pg_roles r ON r.oid = setrole ORDER BY 1, 2;
                SELECT rolname, rolsuper, rolcanlogin, rolconnlimit, rolpassword, shobj_description(oid, 'pg_authid')
                FROM pg_authid WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY 1;
                SELECT roleid::regrole, member::regrole, admin_option FROM pg_auth_members ORDER BY roleid::regrole::text, member::regrole::text;
                """);
    }

    /** Reads a whole backup into memory, as the pipeline would into a repository. */
    static Memory backup(Engine engine, Containers server) throws IOException {
        try (PostgresSource source = PostgresSource.open(engine, server.name(), PostgresSettings.fromContainer())) {
            return drain(source);
        }
    }

    static Memory drain(PostgresSource source) throws IOException {
        Map<String, byte[]> streams = new LinkedHashMap<>();
        for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
            try (InputStream in = next.get().source().open()) {
                streams.put(next.get().name(), in.readAllBytes());
            }
        }
        return new Memory(streams, source.evidence(), source.warnings());
    }

    /** A snapshot in memory. */
    record Memory(Map<String, byte[]> streams, Map<String, Object> evidence, List<String> warnings)
            implements SnapshotStreams {
        @Override
        public List<String> names() {
            return List.copyOf(streams.keySet());
        }

        @Override
        public InputStream open(String name) {
            return new ByteArrayInputStream(Objects.requireNonNull(streams.get(name)));
        }
    }

    private static String resource(String name) {
        try (InputStream in = PostgresFixture.class.getResourceAsStream("/postgres/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
