package dev.holdfast.shim.mysql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.testing.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
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

/** What holds for both flavours, against a real server that holds every awkward thing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
abstract class MysqlContract {
    private static final String SHOP = "databases/shop.sql";

    private final Flavour flavour;
    private final String image;
    private Engine engine;
    private Containers server;
    private MysqlFixture fixture;
    private MysqlFixture.Memory snapshot;
    private String state;
    private String accounts;

    MysqlContract(Flavour flavour, String image) {
        this.flavour = flavour;
        this.image = image;
    }

    /** SQL for what only this flavour has. */
    abstract String more();

    /** A condition on mysql.user that leaves out what SHOW CREATE USER does not take. */
    abstract String usersOnly();

    @BeforeAll
    void backUp() throws IOException {
        Containers.assumeImage(image);
        engine = Engine.connect(DockerEndpoint.of(System.getenv()));
        server = Containers.start(image, Map.of("MYSQL_ROOT_PASSWORD", MysqlFixture.PASSWORD));
        server.awaitLog(Duration.ofSeconds(150), "init process done");
        fixture = new MysqlFixture(server, flavour.clients().getFirst());
        server.awaitSuccess(
                Duration.ofSeconds(60),
                "env",
                "MYSQL_PWD=" + MysqlFixture.PASSWORD,
                fixture.client(),
                "--user=root",
                "--execute=SELECT 1");
        fixture.sql(MysqlFixture.resource("common.sql"));
        fixture.sql("SET NAMES utf8mb4; USE shop;" + more());
        try (BackupSource source = open()) {
            snapshot = MysqlFixture.drain(source);
        }
        state = fixture.state();
        accounts = fixture.accounts(usersOnly());
    }

    @AfterAll
    void remove() throws IOException {
        if (server != null) {
            server.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void nothing_is_left_over() {
        assertThat(fixture.sql("SHOW DATABASES")).doesNotContain("__holdfast_").doesNotContain("__replaced_");
        assertThat(server.exec("ls", "/tmp/pwned").code()).isNotZero();
        assertThat(fixture.sql("SELECT @@GLOBAL.max_allowed_packet < 1 << 30")).isEqualTo("1\n");
        assertThat(server.exec("sh", "-c", "cat /proc/[0-9]*/comm | grep -E '^(mysqldump|mariadb-dump|mysql|mariadb)$'")
                        .text())
                .isEmpty();
    }

    @Test
    void brings_every_database_with_evidence() {
        assertThat(snapshot.warnings())
                .singleElement()
                .asString()
                .startsWith("database shop: no transaction covers heap_like (MyISAM), so");
        assertThat(snapshot.names())
                .startsWith("users.sql")
                .contains(SHOP, "databases/empty_one.sql", MysqlSource.streamName(MysqlFixture.WEIRD));
        assertThat(snapshot.consistency()).isEqualTo(BackupSource.Consistency.CRASH);
        assertThat(snapshot.evidence())
                .containsEntry("engine", flavour.label())
                .containsKeys("serverVersion", "dumpVersion", "clientVersion", "image");
        assertThat(tables("shop"))
                .containsEntry("customer", 100L)
                .containsEntry("orders", 100L)
                .containsEntry("awkward", 3L)
                .containsEntry("parts", 100L)
                .containsEntry("heap_like", 2L)
                .containsEntry("empty_table", 0L)
                .containsEntry(MysqlFixture.ODD_TABLE, 2L)
                .doesNotContainKey("a_top");
        assertThat(tables(MysqlFixture.WEIRD)).containsExactly(Map.entry("t", 3L));
        assertThat(snapshot.evidence().toString()).doesNotContain(MysqlFixture.PASSWORD);
    }

    @Test
    void what_was_destroyed_comes_back_the_same() throws IOException {
        fixture.destroy();
        RestoreReport report = restore(snapshot, RestoreOptions.everything());
        assertThat(report.warnings()).isEmpty();
        assertThat(report.databases())
                .allSatisfy(database -> assertThat(database.tables().values()).allMatch(RestoreReport.Rows::agree));
        assertThat(fixture.state()).isEqualTo(state);
        assertThat(fixture.accounts(usersOnly())).isEqualTo(accounts);
    }

    @Test
    void what_is_there_is_replaced_and_passwords_stay() throws IOException {
        fixture.sql(
                "USE shop; DELETE FROM orders; DROP VIEW a_top; CREATE TABLE newcomer (x INT); CREATE EVENT other ON"
                        + " SCHEDULE EVERY 1 DAY DO SELECT 1; ALTER DATABASE shop COLLATE utf8mb4_bin; DROP TRIGGER a_second;"
                        + " CREATE TRIGGER a_third BEFORE UPDATE ON customer FOR EACH ROW SET NEW.age = 3;"
                        + " ALTER USER app@'%' IDENTIFIED BY 'newer'");
        String newer = fixture.accounts(usersOnly());
        assertThat(prepare(snapshot, RestoreOptions.everything()).plan())
                .anyMatch(line -> line.startsWith("replace database shop: ") && line.contains("is dropped"));
        RestoreReport report = restore(snapshot, RestoreOptions.everything());
        assertThat(report.warnings()).isEmpty();
        assertThat(fixture.state()).isEqualTo(state);
        assertThat(fixture.accounts(usersOnly())).isEqualTo(newer).isNotEqualTo(accounts);
        fixture.sql("ALTER USER app@'%' IDENTIFIED BY 'app-pass''word'");
        accounts = fixture.accounts(usersOnly());
    }

    @Test
    void what_is_replaced_can_be_kept() throws IOException {
        fixture.sql("USE shop; DELETE FROM orders");
        RestoreReport report = restore(snapshot, everythingOf("shop").keepingReplaced());
        String kept = report.databases().getFirst().keptAs();
        assertThat(kept).startsWith("shop__replaced_");
        assertThat(fixture.sql("USE " + kept + "; SELECT COUNT(*) FROM orders; SELECT COUNT(*) FROM customer;"
                        + " SELECT definition FROM holdfast_replaced_code WHERE name = 'plus_one'"))
                .startsWith("0\n100\nCREATE ")
                .contains("a comment; with 'a quote");
        fixture.sql("DROP DATABASE " + kept);
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void a_torn_dump_leaves_what_is_there() {
        byte[] whole = stream(SHOP);
        assertThatThrownBy(() ->
                        restore(snapshot.with(SHOP, Arrays.copyOf(whole, whole.length / 2)), everythingOf("shop")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bytes early");
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void a_dump_that_does_not_load_leaves_what_is_there() {
        assertThatThrownBy(() -> restore(changed("CREATE TABLE `parts`", "CREATE TABBE `parts`"), everythingOf("shop")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("what was there before is untouched");
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void a_routine_that_cannot_be_made_brings_the_old_tables_back() {
        assertThatThrownBy(() -> restore(changed("RETURN `delim`", "RETRUN `delim`"), everythingOf("shop")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageStartingWith("database shop could not be replaced and is as it was: function plus_one");
        assertThat(fixture.state()).isEqualTo(state);
        assertThatThrownBy(() -> restore(changed("SET NEW.age", "SET OLD.age"), everythingOf("shop")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageStartingWith("database shop could not be replaced and is as it was: trigger a_second");
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void fewer_rows_than_the_evidence_are_refused() {
        assertThatThrownBy(() -> restore(withRows("customer", 101), everythingOf("shop")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("customer has 100 rows instead of 101");
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void a_key_from_another_database_is_said_before_anything_is_changed() {
        fixture.sql("CREATE TABLE empty_one.pointing (c INT, FOREIGN KEY (c) REFERENCES shop.customer (id))");
        try {
            assertThatThrownBy(() -> prepare(snapshot, everythingOf("shop")))
                    .isInstanceOf(RestoreFailedException.class)
                    .hasMessageContaining("drop those of empty_one.pointing first");
        } finally {
            fixture.sql("DROP TABLE empty_one.pointing");
        }
    }

    @Test
    void the_rows_of_one_table_come_back() throws IOException {
        String changed = fixture.sql("SELECT * FROM shop.customer ORDER BY id");
        fixture.sql("UPDATE shop.customer SET name = CONCAT(name, 'x'), age = 7 WHERE id < 1050;"
                + " UPDATE shop.orders SET total = 0");
        RestoreReport report = restore(snapshot, RestoreOptions.everything().onlyTable("shop", "customer"));
        assertThat(report.databases().getFirst().tables())
                .containsExactly(Map.entry("customer", new RestoreReport.Rows(100, 100)));
        assertThat(fixture.sql("SELECT * FROM shop.customer ORDER BY id")).isEqualTo(changed);
        assertThat(fixture.sql("SELECT MAX(total), COUNT(*) FROM shop.orders")).isEqualTo("0.0000000000\t100\n");
        restore(snapshot, RestoreOptions.everything().onlyTable("shop", "orders"));
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void a_dropped_table_is_made_again() throws IOException {
        fixture.sql("SET foreign_key_checks = 0; USE shop; DROP TABLE customer; DROP TABLE `"
                + MysqlFixture.ODD_TABLE.replace("`", "``") + "`");
        restore(snapshot, RestoreOptions.everything().onlyTable("shop", "customer"));
        restore(snapshot, RestoreOptions.everything().onlyTable("shop", MysqlFixture.ODD_TABLE));
        assertThat(fixture.state()).isEqualTo(state);
    }

    @Test
    void rows_without_a_partner_are_refused() {
        fixture.sql("USE shop; INSERT INTO customer (id, name) VALUES (5000, 'late');"
                + " INSERT INTO orders VALUES (1, 5000, 1, NULL)");
        String before = fixture.state();
        try {
            assertThatThrownBy(
                            () -> restore(snapshot, RestoreOptions.everything().onlyTable("shop", "customer")))
                    .isInstanceOf(RestoreFailedException.class)
                    .hasMessageContaining("1 rows would have no partner under foreign key fk of'customer");
            assertThat(fixture.state()).isEqualTo(before);
        } finally {
            fixture.sql("DELETE FROM shop.customer WHERE id = 5000; ALTER TABLE shop.customer AUTO_INCREMENT = 1127");
        }
    }

    @Test
    void no_password_is_in_a_process_list_and_a_killed_dump_fails_for_good() throws Exception {
        big();
        try (MysqlSource source = open()) {
            InputStream dump = advanceTo(source, "databases/zz_big.sql");
            dump.readNBytes(10);
            assertThat(server.top()).contains(flavour.dumpTools().getFirst()).doesNotContain(MysqlFixture.PASSWORD);
            assertThat(server.execs())
                    .contains(flavour.dumpTools().getFirst(), "--single-transaction")
                    .doesNotContain(MysqlFixture.PASSWORD);
            server.execDetached(
                    "sh",
                    "-c",
                    "for f in /proc/[0-9]*; do case \"$(cat $f/comm)\" in mysqldump|mariadb-dump) kill -9 ${f#/proc/};;"
                            + " esac; done");
            Thread.sleep(1000);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(dump::readAllBytes)
                        .isInstanceOf(DumpFailedException.class)
                        .hasMessageContaining("137");
            }
            assertThatThrownBy(source::evidence).isInstanceOf(DumpFailedException.class);
        } finally {
            fixture.sql("DROP DATABASE zz_big");
        }
    }

    @Test
    void rows_are_those_of_the_dump_and_databases_may_come_and_go() throws IOException {
        big();
        fixture.sql("CREATE DATABASE zz_goes");
        MysqlFixture.Memory rest;
        try (MysqlSource source = open()) {
            InputStream dump = advanceTo(source, "databases/zz_big.sql");
            dump.readNBytes(10);
            fixture.sql("INSERT INTO zz_big.big SELECT i + 100000, t FROM zz_big.big LIMIT 5");
            dump.readAllBytes();
            fixture.sql("DROP DATABASE zz_goes; CREATE DATABASE aa_comes; CREATE USER late@localhost");
            rest = MysqlFixture.drain(source);
        } finally {
            fixture.sql("DROP DATABASE IF EXISTS zz_big; DROP DATABASE IF EXISTS zz_goes; DROP DATABASE IF EXISTS"
                    + " aa_comes; DROP USER IF EXISTS late@localhost");
        }
        assertThat(rest.warnings())
                .contains("database zz_goes was dropped while the backup ran and is not in it")
                .anyMatch(warning -> warning.startsWith("users or grants were changed while the backup ran"));
        assertThat(rest.names()).containsExactly("databases/aa_comes.sql");
        assertThat(rest.evidence())
                .containsEntry("vanishedDatabases", List.of("zz_goes"))
                .containsEntry("createdDatabases", List.of("aa_comes"));
        assertThat(tables(rest, "zz_big")).containsExactly(Map.entry("big", 10000L));
    }

    @Test
    void a_broken_view_is_said_and_left_out() throws IOException {
        fixture.sql("CREATE DATABASE zz_broken; USE zz_broken; CREATE TABLE t (x INT); CREATE TABLE gone (x INT);"
                + " CREATE VIEW whole AS SELECT x FROM t; CREATE VIEW broken AS SELECT x FROM gone; DROP TABLE gone");
        try {
            MysqlFixture.Memory backup;
            try (MysqlSource source = open()) {
                backup = MysqlFixture.drain(source);
            }
            assertThat(backup.warnings())
                    .contains(
                            "database zz_broken: these views refer to what is not there, so a restore will leave them out:"
                                    + " broken");
            restore(backup, everythingOf("zz_broken"));
            assertThat(fixture.sql("USE zz_broken; SELECT COUNT(*) FROM whole; SHOW TABLES"))
                    .isEqualTo("0\nbroken\nt\nwhole\n");
            fixture.sql("DROP DATABASE zz_broken");
            restore(backup, everythingOf("zz_broken"));
            assertThat(fixture.sql("SHOW TABLES FROM zz_broken")).isEqualTo("t\nwhole\n");
        } finally {
            fixture.sql("DROP DATABASE zz_broken");
        }
    }

    /** A row that is as long as the server allows is twice as long in a dump. */
    @Test
    void a_row_longer_than_max_allowed_packet_comes_back() throws IOException {
        fixture.sql("SET GLOBAL max_allowed_packet = 4 << 20");
        fixture.sql("CREATE DATABASE zz_long; CREATE TABLE zz_long.t (b LONGBLOB);"
                + " INSERT INTO zz_long.t VALUES (REPEAT(x'FE27', 1500000))");
        try {
            MysqlFixture.Memory backup;
            try (MysqlSource source = open()) {
                backup = MysqlFixture.drain(source);
            }
            String hash = fixture.sql("SELECT SHA2(b, 256) FROM zz_long.t");
            fixture.sql("DROP DATABASE zz_long");
            restore(backup, everythingOf("zz_long"));
            assertThat(fixture.sql("SELECT SHA2(b, 256) FROM zz_long.t")).isEqualTo(hash);
            assertThat(fixture.sql("SELECT @@GLOBAL.max_allowed_packet")).isEqualTo("4194304\n");
        } finally {
            fixture.sql("DROP DATABASE zz_long; SET GLOBAL max_allowed_packet = 16 << 20");
        }
    }

    @Test
    void each_trouble_is_one_sentence() throws IOException {
        assertThatThrownBy(() -> MysqlSource.open(
                        engine,
                        server.name(),
                        flavour,
                        MysqlSettings.fromContainer().withPassword(Secret.of("wrong"))))
                .isInstanceOf(EngineException.ServiceRefused.class)
                .hasMessage(flavour.title() + " in container " + server.name() + " refused the password of user root");
        try (Containers box = Containers.startWith(image, Map.of(), List.of("--entrypoint", "sleep"), "600")) {
            assertThatThrownBy(() -> MysqlSource.open(engine, box.name(), flavour, MysqlSettings.fromContainer()))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageContaining("does not answer");
            box.exec("sh", "-c", "rm -f /usr/bin/mysql /usr/bin/mariadb");
            assertThatThrownBy(() -> MysqlSource.open(engine, box.name(), flavour, MysqlSettings.fromContainer()))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageContaining("it has neither " + flavour.clients().getFirst() + " nor ");
        }
        server.exec(
                "sh",
                "-c",
                "cd /usr/bin; for t in mysqldump mariadb-dump; do if [ -e $t ]; then mv $t $t.off; fi; done");
        try {
            assertThatThrownBy(this::open)
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageContaining("has neither " + flavour.dumpTools().getFirst() + " nor ");
        } finally {
            server.exec(
                    "sh",
                    "-c",
                    "cd /usr/bin; for t in mysqldump mariadb-dump; do if [ -e $t.off ]; then mv $t.off $t; fi; done");
        }
    }

    @Test
    void a_lesser_user_gets_what_it_may_see_and_is_told() throws IOException {
        try (MysqlSource source = MysqlSource.open(
                engine,
                server.name(),
                flavour,
                MysqlSettings.fromContainer().withUser("we'ird `user").withPassword(Secret.of("x")))) {
            throw new AssertionError("a user of another host was let in: " + source.engine());
        } catch (EngineException.ServiceRefused e) {
            assertThat(e).hasMessageContaining("refused the password of user we'ird `user");
        }
        fixture.sql("CREATE USER lesser@localhost IDENTIFIED BY 'p'; GRANT ALL ON empty_one.* TO lesser@localhost");
        try (MysqlSource source = MysqlSource.open(
                engine,
                server.name(),
                flavour,
                MysqlSettings.fromContainer().withUser("lesser").withPassword(Secret.of("p")))) {
            MysqlFixture.Memory backup = MysqlFixture.drain(source);
            assertThat(backup.names()).containsExactly("databases/empty_one.sql");
            assertThat(backup.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("users and grants are not in the backup, and of the databases only what user lesser");
        } finally {
            fixture.sql("DROP USER lesser@localhost");
        }
    }

    /** More than all buffers between the tool and a reader that has stopped reading. */
    private void big() {
        fixture.sql(
                "CREATE DATABASE zz_big; USE zz_big; CREATE TABLE big AS SELECT a.d * 1000 + b.d * 100 + c.d * 10 + d.d"
                        + " AS i, REPEAT(SHA2(CONCAT(a.d, b.d, c.d, d.d), 256), 40) AS t FROM shop.digits a, shop.digits b,"
                        + " shop.digits c, shop.digits d");
    }

    private MysqlSource open() throws IOException {
        return MysqlSource.open(engine, server.name(), flavour, MysqlSettings.fromContainer());
    }

    private MysqlRestore prepare(MysqlFixture.Memory from, RestoreOptions options) throws IOException {
        return MysqlRestore.prepare(engine, server.name(), flavour, MysqlSettings.fromContainer(), from, options);
    }

    private RestoreReport restore(MysqlFixture.Memory from, RestoreOptions options) throws IOException {
        return prepare(from, options).run();
    }

    private static RestoreOptions everythingOf(String database) {
        return RestoreOptions.everything().onlyDatabase(database);
    }

    /** The snapshot with one text of shop's dump replaced by another of the same length. */
    private MysqlFixture.Memory changed(String text, String by) {
        String whole = new String(stream(SHOP), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(whole).contains(text);
        return snapshot.with(SHOP, whole.replace(text, by).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private MysqlFixture.Memory withRows(String table, long rows) {
        Map<String, Object> evidence = new LinkedHashMap<>(snapshot.evidence());
        Map<Object, Object> databases =
                new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(evidence.get("databases")));
        Map<Object, Object> shop = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(databases.get("shop")));
        Map<Object, Object> tables = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(shop.get("tables")));
        tables.put(table, rows);
        shop.put("tables", tables);
        databases.put("shop", shop);
        evidence.put("databases", databases);
        return new MysqlFixture.Memory(snapshot.streams(), evidence, List.of(), snapshot.consistency());
    }

    private byte[] stream(String name) {
        return Objects.requireNonNull(snapshot.streams().get(name));
    }

    private Map<String, Long> tables(String database) {
        return tables(snapshot, database);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Long> tables(MysqlFixture.Memory from, String database) {
        Map<?, ?> databases = (Map<?, ?>) Objects.requireNonNull(from.evidence().get("databases"));
        Map<?, ?> one = (Map<?, ?>) Objects.requireNonNull(databases.get(database));
        return (Map<String, Long>) Objects.requireNonNull(one.get("tables"));
    }

    /** Reads everything before the stream of that name, and opens it. */
    private static InputStream advanceTo(MysqlSource source, String name) throws IOException {
        for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
            InputStream in = next.get().source().open();
            if (next.get().name().equals(name)) {
                return in;
            }
            assertThat(new String(in.readAllBytes(), UTF_8)).isNotEmpty();
            in.close();
        }
        throw new AssertionError("no stream " + name);
    }
}
