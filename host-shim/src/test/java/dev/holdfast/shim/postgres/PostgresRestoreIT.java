package dev.holdfast.shim.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.testing.Containers;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class PostgresRestoreIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";
    private static final List<String> DATABASES = List.of("shop", PostgresFixture.WEIRD, "postgres");

    private Engine engine;
    private Containers origin;
    private PostgresFixture.Memory snapshot;
    private String checksums;

    @BeforeAll
    void backUp() throws IOException {
        Containers.assumeImage(IMAGE);
        engine = PostgresFixture.engine();
        origin = PostgresFixture.filledServer(IMAGE);
        snapshot = PostgresFixture.backup(engine, origin);
        checksums = PostgresFixture.checksums(origin, "shop");
    }

    @AfterAll
    void remove() throws IOException {
        if (origin != null) {
            origin.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void the_server_never_took_our_processes_for_crashed_backends() {
        assertThat(origin.log()).doesNotContain("terminated by signal").doesNotContain("reinitializing");
    }

    @BeforeEach
    void nothing_is_left_over() {
        assertThat(databases()).noneMatch(name -> name.contains("_holdfast_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"holdfast-test/postgres-15:1", "holdfast-test/postgres-17:1"})
    void a_destroyed_server_comes_back_the_same(String image) throws IOException {
        Containers.assumeImage(image);
        PostgresFixture.Memory backup;
        String cluster;
        Map<String, String> before = new HashMap<>();
        try (Containers old = PostgresFixture.filledServer(image)) {
            backup = PostgresFixture.backup(engine, old);
            assertThat(backup.warnings()).isEmpty();
            cluster = PostgresFixture.cluster(old);
            for (String database : DATABASES) {
                before.put(database, PostgresFixture.checksums(old, database) + PostgresFixture.schema(old, database));
            }
            assertThat(old.exec("ls", "/tmp/pwned").code()).isNotZero();
        }
        try (Containers fresh = PostgresFixture.server(image)) {
            PostgresRestore restore = PostgresRestore.prepare(
                    engine, fresh.name(), PostgresSettings.fromContainer(), backup, RestoreOptions.everything());
            assertThat(restore.plan())
                    .anyMatch(line -> line.startsWith("create database shop"))
                    .anyMatch(line -> line.startsWith("replace database postgres"));
            RestoreReport report = restore.run();
            assertThat(report.warnings()).isEmpty();
            assertThat(report.databases())
                    .extracting(RestoreReport.Database::name)
                    .containsAll(DATABASES);
            assertThat(report.databases())
                    .allSatisfy(
                            database -> assertThat(database.tables().values()).allMatch(RestoreReport.Rows::agree));
            assertThat(PostgresFixture.cluster(fresh)).isEqualTo(cluster);
            for (String database : DATABASES) {
                assertThat(PostgresFixture.checksums(fresh, database) + PostgresFixture.schema(fresh, database))
                        .as(database)
                        .isEqualTo(before.get(database));
            }
            assertThat(fresh.exec("ls", "/tmp/pwned").code()).isNotZero();
        }
    }

    @Test
    void a_living_database_is_replaced_under_its_sessions_and_kept_when_asked() throws Exception {
        PostgresFixture.sql(origin, "shop", "TRUNCATE shop.bulk");
        Thread client = Thread.ofVirtual()
                .start(() -> origin.exec("psql", "-U", "postgres", "-d", "shop", "-c", "SELECT pg_sleep(60)"));
        while (!PostgresFixture.sql(
                        origin, "postgres", "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_slee[p]'")
                .strip()
                .equals("1")) {
            Thread.sleep(100);
        }
        RestoreReport report = restore(snapshot, everythingOf("shop").keepingReplaced());
        client.join();
        String kept = report.databases().getFirst().keptAs();
        assertThat(kept).startsWith("shop_replaced_");
        assertThat(PostgresFixture.sql(origin, kept, "SELECT count(*) FROM shop.bulk"))
                .isEqualTo("0\n");
        assertThat(PostgresFixture.checksums(origin, "shop")).isEqualTo(checksums);
        PostgresFixture.sql(origin, "postgres", "DROP DATABASE " + Sql.identifier(kept));
    }

    @Test
    void the_database_one_connects_to_can_be_replaced() throws IOException {
        PostgresFixture.sql(origin, "postgres", "DELETE FROM in_postgres");
        restore(snapshot, everythingOf("postgres"));
        assertThat(PostgresFixture.sql(origin, "postgres", "SELECT x FROM in_postgres"))
                .isEqualTo("7\n");
    }

    @Test
    void a_torn_dump_leaves_the_old_database() {
        Map<String, byte[]> streams = new LinkedHashMap<>(snapshot.streams());
        byte[] whole = Objects.requireNonNull(streams.get("databases/shop.dump"));
        streams.put("databases/shop.dump", Arrays.copyOf(whole, whole.length * 2 / 3));
        PostgresFixture.Memory torn = new PostgresFixture.Memory(streams, snapshot.evidence(), List.of());
        String before = PostgresFixture.checksums(origin, "shop");
        assertThatThrownBy(() -> restore(torn, everythingOf("shop")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("what was there before is untouched");
        assertThat(PostgresFixture.checksums(origin, "shop")).isEqualTo(before);
    }

    @Test
    void a_dump_with_fewer_rows_than_its_evidence_is_refused() {
        Map<String, Object> evidence = deepWithRows(snapshot.evidence(), "shop.bulk", 20001);
        PostgresFixture.Memory wrong = new PostgresFixture.Memory(snapshot.streams(), evidence, List.of());
        assertThatThrownBy(() -> restore(wrong, everythingOf("shop")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("shop.bulk has 20000 rows instead of 20001");
    }

    @Test
    void a_dropped_table_is_made_again() throws IOException {
        restore(snapshot, everythingOf("shop"));
        String schema = PostgresFixture.schema(origin, "shop");
        PostgresFixture.sql(origin, "shop", "DROP TABLE \"Odd Schema\".\"Ta\"\"ble; DROP\"");
        RestoreReport report =
                restore(snapshot, RestoreOptions.everything().onlyTable("shop", "\"Odd Schema\".\"Ta\"\"ble; DROP\""));
        assertThat(report.databases().getFirst().tables().values()).containsExactly(new RestoreReport.Rows(37, 37));
        assertThat(PostgresFixture.checksums(origin, "shop")).isEqualTo(checksums);
        assertThat(PostgresFixture.schema(origin, "shop")).isEqualTo(schema);
    }

    @Test
    void rows_of_a_table_come_back_and_nothing_else_changes() throws IOException {
        restore(snapshot, everythingOf("shop"));
        PostgresFixture.sql(
                origin, "shop", "UPDATE shop.customer SET age = 77; INSERT INTO shop.customer (name) VALUES ('new')");
        RestoreReport report = restore(snapshot, RestoreOptions.everything().onlyTable("shop", "shop.customer"));
        assertThat(report.databases().getFirst().tables())
                .containsEntry("shop.customer", new RestoreReport.Rows(501, 501));
        // The sequence has moved on, as the plan says; everything else is as it was.
        assertThat(withoutSequences(PostgresFixture.checksums(origin, "shop"))).isEqualTo(withoutSequences(checksums));
        PostgresFixture.sql(
                origin,
                "shop",
                "INSERT INTO shop.customer (name) VALUES ('newer'); INSERT INTO shop.orders (customer_id, at) SELECT max(id), '2023-02-02' FROM shop.customer");
        String before = PostgresFixture.checksums(origin, "shop");
        assertThatThrownBy(() -> restore(snapshot, RestoreOptions.everything().onlyTable("shop", "shop.customer")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("is as it was")
                .hasMessageContaining("foreign key");
        assertThat(PostgresFixture.checksums(origin, "shop")).isEqualTo(before);
    }

    @Test
    void what_is_not_in_the_snapshot_is_said() {
        assertThatThrownBy(() -> restore(snapshot, everythingOf("nobody")))
                .hasMessageStartingWith("the snapshot has no database nobody; it has ");
        assertThatThrownBy(() -> restore(snapshot, RestoreOptions.everything().onlyTable("shop", "shop.nothing")))
                .hasMessage("the snapshot of database shop has no table shop.nothing");
    }

    private RestoreReport restore(PostgresFixture.Memory from, RestoreOptions options) throws IOException {
        return PostgresRestore.prepare(engine, origin.name(), PostgresSettings.fromContainer(), from, options)
                .run();
    }

    private List<String> databases() {
        return PostgresFixture.sql(origin, "template1", "SELECT datname FROM pg_database")
                .lines()
                .toList();
    }

    private static RestoreOptions everythingOf(String database) {
        return RestoreOptions.everything().onlyDatabase(database);
    }

    private static String withoutSequences(String checksums) {
        return String.join(
                "\n",
                checksums
                        .lines()
                        .filter(line -> !line.matches("shop\\|[a-z_]+\\|[0-9]*"))
                        .toList());
    }

    private static Map<String, Object> deepWithRows(Map<String, Object> evidence, String table, long rows) {
        Map<String, Object> changed = new LinkedHashMap<>(evidence);
        Map<Object, Object> databases =
                new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(evidence.get("databases")));
        Map<Object, Object> shop = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(databases.get("shop")));
        Map<Object, Object> tables = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(shop.get("tables")));
        tables.put(table, rows);
        shop.put("tables", tables);
        databases.put("shop", shop);
        changed.put("databases", databases);
        return changed;
    }
}
