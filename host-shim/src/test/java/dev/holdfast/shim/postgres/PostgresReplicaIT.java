package dev.holdfast.shim.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.testing.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** A primary and a streaming replica, each in a container. The last test ends the replica. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(240)
final class PostgresReplicaIT {
    private static final String IMAGE = "holdfast-test/postgres-15:1";

    private static final String FOLLOW = """
            until pg_isready -q -h "$PRIMARY"; do sleep 0.1; done
            mkdir -p /tmp/data && chmod 700 /tmp/data
            pg_basebackup -h "$PRIMARY" -U postgres -D /tmp/data -R -c fast
            exec postgres -D /tmp/data -c hot_standby=on -c max_standby_streaming_delay=200ms
            """;

    private Engine engine;
    private Containers primary;
    private Containers replica;

    @BeforeAll
    void start() throws IOException {
        Containers.assumeImage(IMAGE);
        engine = PostgresFixture.engine();
        primary = PostgresFixture.server(IMAGE);
        PostgresFixture.sql(primary, "postgres", "CREATE DATABASE shop");
        PostgresFixture.sql(
                primary,
                "shop",
                "CREATE TABLE big AS SELECT i, repeat(md5(i::text), 32) AS text FROM generate_series(1, 60000) i;"
                        + " CREATE TABLE small AS SELECT 1 AS x; CREATE ROLE of_the_shop");
        primary.exec("sh", "-c", "echo host replication all all trust >>$PGDATA/pg_hba.conf");
        PostgresFixture.sql(primary, "postgres", "SELECT pg_reload_conf()");
        replica = Containers.startWith(
                IMAGE,
                Map.of("PRIMARY", primary.address()),
                List.of("--label", "holdfast.replica-of=" + primary.name(), "--user", "postgres", "--entrypoint", "sh"),
                "-ec",
                FOLLOW);
        replica.awaitSuccess(Duration.ofSeconds(60), "psql", "-U", "postgres", "-c", "SELECT 1");
    }

    @AfterAll
    void stop() throws IOException {
        for (Containers container : new Containers[] {replica, primary}) {
            if (container != null) {
                container.close();
            }
        }
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    @Order(2)
    void theDumpIsReadFromTheReplicaAndHasAllThatThePrimaryHadAtItsBeginning() throws IOException {
        PostgresFixture.sql(primary, "shop", "INSERT INTO small SELECT generate_series(1, 1000)");
        try (PostgresSource source = open()) {
            InputStream dump = advanceTo(source, "databases/shop.dump");
            dump.readNBytes(5);
            assertThat(dumps(replica)).contains("pg_dump");
            assertThat(dumps(primary)).doesNotContain("pg_dump");
            PostgresFixture.sql(primary, "shop", "INSERT INTO small VALUES (-1)");
            dump.readAllBytes();
            dump.close();
            PostgresFixture.Memory rest = PostgresFixture.drain(source);
            assertThat(rest.warnings()).isEmpty();
            assertThat(rest.evidence())
                    .containsEntry("container", primary.name())
                    .containsEntry("replica", replica.name());
            assertThat(rest.evidence().toString()).contains("public.small=1001").contains("public.big=");
        }
        PostgresFixture.Memory backup = PostgresFixture.backup(engine, primary);
        assertThat(new String(backup.streams().getOrDefault("globals.sql", new byte[0]), StandardCharsets.UTF_8))
                .contains("CREATE ROLE of_the_shop");
        PostgresFixture.sql(primary, "postgres", "DROP DATABASE shop");
        PostgresRestore.prepare(
                        engine, primary.name(), PostgresSettings.fromContainer(), backup, RestoreOptions.everything())
                .run();
        assertThat(PostgresFixture.sql(primary, "shop", "SELECT count(*) FROM small"))
                .isEqualTo("1002\n");
    }

    @Test
    @Order(1)
    void aConflictWithTheReplayFailsTheDumpAndSaysWhatToSet() throws Exception {
        try (PostgresSource source = open()) {
            InputStream dump = advanceTo(source, "databases/shop.dump");
            dump.readNBytes(5);
            PostgresFixture.sql(primary, "shop", "DELETE FROM big WHERE i % 2 = 0");
            PostgresFixture.sql(primary, "shop", "VACUUM big");
            assertThatThrownBy(() -> {
                        dump.readAllBytes();
                        source.next();
                    })
                    .isInstanceOf(DumpFailedException.class)
                    .hasMessageContaining("conflict with recovery")
                    .hasMessageContaining("hot_standby_feedback = on");
        }
        assertThat(replica.log()).doesNotContain("terminated by signal");
    }

    @Test
    @Order(3)
    void aReplicaThatIsNoneIsSaidAndThePrimaryIsRead() throws Exception {
        PostgresFixture.sql(replica, "postgres", "SELECT pg_wal_replay_pause()");
        PostgresFixture.sql(primary, "shop", "INSERT INTO small VALUES (2)");
        assertReadsThePrimary("it is too far behind: after 30 s it still lacked ");
        PostgresFixture.sql(replica, "postgres", "SELECT pg_wal_replay_resume()");
        PostgresFixture.sql(replica, "postgres", "SELECT pg_promote()");
        assertReadsThePrimary("it follows no primary any more");
        replica.tell("kill");
        assertReadsThePrimary("container " + replica.name() + " is exited, not running: start it and try again");
    }

    private void assertReadsThePrimary(String because) throws IOException {
        PostgresFixture.Memory backup = PostgresFixture.backup(engine, primary);
        assertThat(backup.warnings()).hasSize(2);
        assertThat(backup.warnings().get(0)).startsWith("replica " + replica.name() + " is not used: " + because);
        assertThat(backup.warnings().get(1)).isEqualTo("the backup reads from the primary, " + primary.name());
        assertThat(backup.evidence()).doesNotContainKey("replica");
    }

    private PostgresSource open() throws IOException {
        return PostgresSource.open(engine, primary.name(), PostgresSettings.fromContainer());
    }

    private static String dumps(Containers server) {
        return server.exec("sh", "-c", "cat /proc/[0-9]*/comm").text();
    }

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
}
