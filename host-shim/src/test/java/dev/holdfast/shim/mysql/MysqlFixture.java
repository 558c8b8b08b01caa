package dev.holdfast.shim.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.restore.SnapshotStreams;
import dev.holdfast.shim.testing.Containers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Servers, the databases in them, and ways to compare them that share nothing with the code under test. */
record MysqlFixture(Containers server, String client) {
    static final String WEIRD = "we`ird \"na'me\" $(touch /tmp/pwned);id a=b/c%d 日本";
    static final String ODD_TABLE = "odd (ta)ble; -- `x` 'y' \"z\" $(touch /tmp/pwned) ünï";
    static final String PASSWORD = "s3cret-in-no-list";

    private static final String OURS = "NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

    String sql(String script) {
        return server.feed(
                script,
                "env",
                "MYSQL_PWD=" + PASSWORD,
                client,
                "--user=root",
                "--batch",
                "--raw",
                "--skip-column-names",
                "--comments",
                "--default-character-set=utf8mb4");
    }

    /** Definitions and checksums of all tables, and all views, routines, triggers and events, of all databases. */
    String state() {
        return databases() + tables() + code();
    }

    /** Users and roles with their hashes and grants. */
    String accounts(String roles) {
        String users = sql("SELECT CONCAT('SHOW CREATE USER ', QUOTE(User), '@', QUOTE(Host), '; SHOW GRANTS FOR ',"
                + " QUOTE(User), '@', QUOTE(Host), ';') FROM mysql.user WHERE User NOT LIKE 'm%.%' AND User <> 'root' AND "
                + roles + " ORDER BY User, Host");
        // MariaDB leaves out what is for MySQL 8 and newer.
        return sql("/*!80017 SET SESSION print_identified_with_as_hex = ON */;" + users);
    }

    void destroy() {
        sql("SET foreign_key_checks = 0;"
                + sql("SELECT CONCAT('DROP DATABASE `', REPLACE(SCHEMA_NAME, '`', '``'), '`;') FROM"
                        + " information_schema.SCHEMATA WHERE SCHEMA_NAME " + OURS));
        sql("DROP USER app@'%', `we'ird ``user`@`10.%`, locked@localhost; DROP ROLE reader, writer;");
    }

    static Memory drain(BackupSource source) throws IOException {
        Map<String, byte[]> streams = new LinkedHashMap<>();
        for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
            try (InputStream in = next.get().source().open()) {
                streams.put(next.get().name(), in.readAllBytes());
            }
        }
        return new Memory(streams, source.evidence(), source.warnings(), source.consistency());
    }

    static String resource(String name) {
        try (InputStream in = MysqlFixture.class.getResourceAsStream("/mysql/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String databases() {
        return sql("SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM"
                + " information_schema.SCHEMATA WHERE SCHEMA_NAME " + OURS + " ORDER BY 1");
    }

    /**
     * CHECKSUM TABLE of MariaDB differs from one call to the next where a table has virtual columns, so rows are hashed here. MySQL shows a column's
     * character set once a collation was named, which is no difference.
     */
    private String tables() {
        String queries = sql("SET SESSION group_concat_max_len = 1000000; SELECT CONCAT('SHOW CREATE TABLE ', t.name,"
                + " '; SELECT COUNT(*), SUM(CRC32(c)), BIT_XOR(CRC32(SHA2(c, 256))) FROM (SELECT CONCAT_WS('','', ',"
                + " t.hashed, ') AS c FROM ', t.name, ') x;') FROM (SELECT CONCAT('`', REPLACE(c.TABLE_SCHEMA, '`',"
                + " '``'), '`.`', REPLACE(c.TABLE_NAME, '`', '``'), '`') AS name, GROUP_CONCAT('COALESCE(HEX(CONCAT(`',"
                + " REPLACE(c.COLUMN_NAME, '`', '``'), '`)), ''~'')' ORDER BY c.ORDINAL_POSITION) AS hashed FROM"
                + " information_schema.TABLES t JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND"
                + " c.TABLE_NAME = t.TABLE_NAME WHERE t.TABLE_TYPE <> 'VIEW' AND t.TABLE_SCHEMA " + OURS
                + " GROUP BY c.TABLE_SCHEMA, c.TABLE_NAME ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME) t");
        return sql(queries).replace(" CHARACTER SET utf8mb4 COLLATE ", " COLLATE ");
    }

    private String code() {
        return sql("SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE,"
                + " CHARACTER_SET_CLIENT, COLLATION_CONNECTION FROM information_schema.VIEWS WHERE TABLE_SCHEMA " + OURS
                + " ORDER BY 1, 2;"
                + "SELECT ROUTINE_SCHEMA, ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION,"
                + " IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, SQL_MODE, ROUTINE_COMMENT, DEFINER,"
                + " CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION FROM information_schema.ROUTINES WHERE"
                + " ROUTINE_SCHEMA " + OURS + " ORDER BY 1, 2, 3;"
                + "SELECT SPECIFIC_SCHEMA, SPECIFIC_NAME, ORDINAL_POSITION, PARAMETER_MODE, PARAMETER_NAME,"
                + " DTD_IDENTIFIER FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA " + OURS
                + " ORDER BY 1, 2, 3;"
                + "SELECT TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER,"
                + " ACTION_STATEMENT, ACTION_TIMING, SQL_MODE, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION,"
                + " DATABASE_COLLATION FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA " + OURS
                + " ORDER BY 1, 2;"
                + "SELECT EVENT_SCHEMA, EVENT_NAME, DEFINER, TIME_ZONE, EVENT_DEFINITION, INTERVAL_VALUE,"
                + " INTERVAL_FIELD, SQL_MODE, STARTS, STATUS, ON_COMPLETION, EVENT_COMMENT, CHARACTER_SET_CLIENT,"
                + " COLLATION_CONNECTION, DATABASE_COLLATION FROM information_schema.EVENTS WHERE EVENT_SCHEMA " + OURS
                + " ORDER BY 1, 2;");
    }

    /** A snapshot in memory. */
    record Memory(
            Map<String, byte[]> streams,
            Map<String, Object> evidence,
            List<String> warnings,
            BackupSource.Consistency consistency)
            implements SnapshotStreams {
        @Override
        public List<String> names() {
            return List.copyOf(streams.keySet());
        }

        @Override
        public InputStream open(String name) {
            return new ByteArrayInputStream(Objects.requireNonNull(streams.get(name)));
        }

        Memory with(String name, byte[] bytes) {
            Map<String, byte[]> changed = new LinkedHashMap<>(streams);
            changed.put(name, bytes);
            return new Memory(changed, evidence, warnings, consistency);
        }
    }
}
