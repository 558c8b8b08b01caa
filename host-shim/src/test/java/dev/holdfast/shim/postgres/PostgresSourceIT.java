package dev.holdfast.shim.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.testing.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class PostgresSourceIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";

    /** More than all buffers between pg_dump and a reader that has stopped reading. */
    private static final String BIG =
            "CREATE TABLE big AS SELECT i, repeat(md5(i::text), 32) AS text FROM generate_series(1, 30000) i";

    private Engine engine;
    private Containers server;

    @BeforeAll
    void start() throws IOException {
        Containers.assumeImage(IMAGE);
        engine = PostgresFixture.engine();
        server = PostgresFixture.filledServer(IMAGE);
        PostgresFixture.sql(server, "shop", BIG);
    }

    @AfterAll
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void the_server_is_undisturbed_and_alone() {
        assertThat(server.log()).doesNotContain("terminated by signal").doesNotContain("reinitializing");
        assertThat(clientProcesses(server)).isEmpty();
        assertThat(PostgresFixture.sql(
                        server,
                        "postgres",
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast'"))
                .isEqualTo("0\n");
    }

    @Test
    void streams_globals_first_and_brings_evidence() throws IOException {
        PostgresFixture.Memory backup = PostgresFixture.backup(engine, server);
        assertThat(backup.warnings()).isEmpty();
        assertThat(backup.names())
                .startsWith("globals.sql")
                .contains(
                        "databases/postgres.dump",
                        "databases/shop.dump",
                        PostgresSource.streamName(PostgresFixture.WEIRD));
        assertThat(stream(backup, "globals.sql"))
                .contains("CREATE ROLE app_owner")
                .contains("SCRAM-SHA-256$");
        assertThat(stream(backup, "databases/shop.dump")).startsWith("PGDMP");
        assertThat(backup.evidence())
                .containsEntry("engine", "postgresql")
                .containsKeys("serverVersion", "dumpVersion", "image");
        Map<?, ?> shop = database(backup, "shop");
        assertThat(tables(shop))
                .containsEntry("shop.customer", 501L)
                .containsEntry("shop.orders", 1000L)
                .containsEntry("shop.parent", 2L)
                .containsEntry("shop.child", 1L)
                .containsEntry("shop.empty_table", 0L)
                .containsEntry("\"Odd Schema\".\"Ta\"\"ble; DROP\"", 37L)
                .containsEntry("shop.big", 30000L)
                .doesNotContainKey("shop.totals");
        assertThat(List.of("shop.orders_2023", "shop.orders_2024", "shop.orders_rest"))
                .extracting(part -> tables(shop).getOrDefault(part, 0L))
                .satisfies(parts -> assertThat(
                                parts.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(1000));
        assertThat(shop.get("largeObjects")).isEqualTo(5L);
        assertThat(Objects.requireNonNull(shop.get("sequences")).toString()).contains("shop.lone=43");
        assertThat(Objects.requireNonNull(backup.evidence().get("exitCodes")).toString())
                .contains("globals.sql=0")
                .contains("databases/shop.dump=0");
        assertThat(backup.evidence().toString()).doesNotContain(PostgresFixture.PASSWORD);
    }

    @Test
    void rows_are_counted_in_the_dumps_own_snapshot() throws IOException {
        try (PostgresSource source = open(server)) {
            InputStream dump = advanceTo(source, "databases/shop.dump");
            assertThat(dump.readNBytes(5)).asString(UTF_8).isEqualTo("PGDMP");
            PostgresFixture.sql(server, "shop", "INSERT INTO shop.big SELECT -1, 'late'");
            dump.readAllBytes();
            dump.close();
            PostgresFixture.Memory rest = PostgresFixture.drain(source);
            assertThat(tables(database(rest, "shop"))).containsEntry("shop.big", 30000L);
        } finally {
            PostgresFixture.sql(server, "shop", "DROP TABLE shop.big; " + BIG);
        }
    }

    @Test
    void no_password_is_in_a_process_list_and_closing_early_ends_everything() throws IOException {
        try (PostgresSource source = open(server)) {
            InputStream dump = advanceTo(source, "databases/shop.dump");
            dump.readNBytes(5);
            String list = server.exec("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
                    .text();
            assertThat(list).contains("pg_dump").contains("psql").doesNotContain(PostgresFixture.PASSWORD);
        }
    }

    @Test
    void a_killed_pg_dump_fails_the_stream_for_good() throws Exception {
        try (PostgresSource source = open(server)) {
            InputStream dump = advanceTo(source, "databases/shop.dump");
            dump.readNBytes(5);
            server.execDetached(
                    "sh",
                    "-c",
                    "for f in /proc/[0-9]*; do if [ \"$(cat $f/comm)\" = pg_dump ]; then kill -9 ${f#/proc/}; fi; done");
            Thread.sleep(1000);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(dump::readAllBytes)
                        .isInstanceOf(DumpFailedException.class)
                        .hasMessageContaining("pg_dump in container")
                        .hasMessageContaining("137");
            }
            assertThatThrownBy(source::evidence).isInstanceOf(DumpFailedException.class);
        }
    }

    @Test
    void a_killed_container_fails_the_stream_within_seconds() throws Exception {
        try (Containers victim = PostgresFixture.server(IMAGE)) {
            PostgresFixture.sql(victim, "postgres", BIG);
            try (PostgresSource source = open(victim)) {
                InputStream dump = advanceTo(source, "databases/postgres.dump");
                dump.readNBytes(5);
                Thread killer = Thread.ofVirtual().start(() -> victim.tell("kill"));
                long begin = System.nanoTime();
                assertThatThrownBy(dump::readAllBytes).isInstanceOf(DumpFailedException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
                killer.join();
            }
        }
    }

    @Test
    void databases_may_come_and_go_meanwhile() throws IOException {
        PostgresFixture.sql(server, "postgres", "CREATE DATABASE zz_goes");
        PostgresFixture.Memory rest;
        try (PostgresSource source = open(server)) {
            advanceTo(source, "databases/postgres.dump").readAllBytes();
            PostgresFixture.sql(server, "postgres", "DROP DATABASE zz_goes");
            PostgresFixture.sql(server, "postgres", "CREATE DATABASE zz_comes");
            rest = PostgresFixture.drain(source);
        } finally {
            PostgresFixture.sql(server, "postgres", "DROP DATABASE IF EXISTS zz_goes");
            PostgresFixture.sql(server, "postgres", "DROP DATABASE IF EXISTS zz_comes");
        }
        assertThat(rest.warnings())
                .containsExactly("database zz_goes was dropped while the backup ran and is not in it");
        assertThat(rest.names()).contains("databases/shop.dump", "databases/zz_comes.dump");
        assertThat(rest.evidence())
                .containsEntry("vanishedDatabases", List.of("zz_goes"))
                .containsEntry("createdDatabases", List.of("zz_comes"));
    }

    @Test
    void a_role_made_meanwhile_is_said() throws IOException {
        try (PostgresSource source = open(server)) {
            advanceTo(source, "databases/postgres.dump").readAllBytes();
            PostgresFixture.sql(server, "postgres", "CREATE ROLE late_comer");
            assertThat(PostgresFixture.drain(source).warnings())
                    .singleElement()
                    .asString()
                    .startsWith("roles were created, changed or dropped while the backup ran");
        } finally {
            PostgresFixture.sql(server, "postgres", "DROP ROLE late_comer");
        }
    }

    @Test
    void each_trouble_is_one_sentence() throws IOException {
        assertThatThrownBy(() -> PostgresSource.open(engine, "holdfast-it-nobody", PostgresSettings.fromContainer()))
                .isInstanceOf(EngineException.ContainerNotFound.class)
                .hasMessage("container holdfast-it-nobody does not exist");
        try (Containers box = Containers.startWith(IMAGE, Map.of(), List.of("--entrypoint", "sleep"), "600")) {
            assertThatThrownBy(() -> open(box))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageStartingWith(
                            "PostgreSQL in container " + box.name() + " let user postgres into none of");
            remove(box, "psql");
            assertThatThrownBy(() -> open(box))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessage(
                            "container " + box.name() + " is not a PostgreSQL server that can be used: it has no psql");
            box.tell("kill");
            assertThatThrownBy(() -> open(box))
                    .isInstanceOf(EngineException.ContainerNotRunning.class)
                    .hasMessage("container " + box.name() + " is exited, not running: start it and try again");
        }
    }

    @Test
    void a_missing_pg_dump_and_a_wrong_password_are_said() throws IOException {
        try (Containers own = PostgresFixture.ready(
                Containers.startWith(
                        IMAGE,
                        Map.of(
                                "POSTGRES_USER",
                                "app user",
                                "POSTGRES_PASSWORD_FILE",
                                "/etc/hostname",
                                "POSTGRES_DB",
                                "its db"),
                        List.of()),
                "app user")) {
            own.exec("sh", "-c", "sed -i 's/trust/scram-sha-256/' $PGDATA/pg_hba.conf");
            own.exec("psql", "-U", "app user", "-d", "its db", "-c", "SELECT pg_reload_conf()");
            own.awaitLog(Duration.ofSeconds(20), "reloading configuration files");
            assertThat(PostgresFixture.backup(engine, own).names()).contains("databases/its db.dump");
            assertThatThrownBy(() -> PostgresSource.open(
                            engine, own.name(), PostgresSettings.fromContainer().withPassword(Secret.of("wrong"))))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessage("PostgreSQL in container " + own.name() + " refused the password of user app user");
            remove(own, "pg_dump");
            assertThatThrownBy(() -> open(own))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageStartingWith("container " + own.name() + " has no pg_dump");
        }
    }

    private PostgresSource open(Containers container) throws IOException {
        return PostgresSource.open(engine, container.name(), PostgresSettings.fromContainer());
    }

    /** Reads everything before the stream of that name, and opens it. */
    private static InputStream advanceTo(PostgresSource source, String name) throws IOException {
        for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
            InputStream in = next.get().source().open();
            if (next.get().name().equals(name)) {
                return in;
            }
            in.readAllBytes();
            in.close();
        }
        throw new AssertionError("no stream " + name);
    }

    private static String stream(PostgresFixture.Memory backup, String name) {
        return new String(Objects.requireNonNull(backup.streams().get(name)), UTF_8);
    }

    private static Map<?, ?> database(PostgresFixture.Memory backup, String name) {
        Map<?, ?> databases =
                (Map<?, ?>) Objects.requireNonNull(backup.evidence().get("databases"));
        return (Map<?, ?>) Objects.requireNonNull(databases.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Long> tables(Map<?, ?> database) {
        return (Map<String, Long>) Objects.requireNonNull(database.get("tables"));
    }

    private static String clientProcesses(Containers container) {
        return container
                .exec("sh", "-c", "cat /proc/[0-9]*/comm | grep -E '^(pg_dump|pg_dumpall|psql|pg_restore)$' || true")
                .text();
    }

    private static void remove(Containers container, String tool) {
        container.exec(
                "sh", "-c", "find /usr/bin /usr/lib/postgresql /usr/local/bin -name " + tool + " -exec rm -f {} +");
    }
}
