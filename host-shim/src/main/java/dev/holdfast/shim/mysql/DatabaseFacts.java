package dev.holdfast.shim.mysql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a database is besides tables and rows.
 *
 * @param tables names of its base tables, sequences of MariaDB too
 * @param sequences those of {@code tables} that are sequences
 * @param unsafe tables that no transaction covers, each with its engine
 * @param versioned tables that keep their history, which is not in a dump
 */
record DatabaseFacts(
        String name,
        String charset,
        String collation,
        List<String> tables,
        List<String> sequences,
        Map<String, String> unsafe,
        List<String> versioned,
        List<CodeObject> code) {
    private static final String SYSTEM = "('information_schema', 'performance_schema', 'mysql', 'sys', 'ndbinfo')";

    /** Names of all databases but the system's own. */
    static List<String> names(MysqlSession session) throws IOException {
        return session.column("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE LOWER(SCHEMA_NAME) NOT IN "
                + SYSTEM + " ORDER BY SCHEMA_NAME");
    }

    static boolean exists(MysqlSession session, String name) throws IOException {
        return names(session).contains(name);
    }

    /** Of the session's database. */
    static DatabaseFacts of(MysqlSession session, String name) throws IOException {
        List<String> defaults = session.query("SELECT @@character_set_database, @@collation_database")
                .getFirst();
        List<String> tables = new ArrayList<>();
        List<String> sequences = new ArrayList<>();
        Map<String, String> unsafe = new LinkedHashMap<>();
        List<String> versioned = new ArrayList<>();
        for (List<String> row : session.query(
                "SELECT t.TABLE_NAME, t.TABLE_TYPE, COALESCE(t.ENGINE, ''), COALESCE(e.TRANSACTIONS, 'YES')"
                        + " FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE"
                        + " WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE')"
                        + " ORDER BY t.TABLE_NAME")) {
            tables.add(row.get(0));
            switch (row.get(1)) {
                case "SEQUENCE" -> sequences.add(row.get(0));
                case "SYSTEM VERSIONED" -> versioned.add(row.get(0));
                default -> {
                    if (row.get(3).equals("NO")) {
                        unsafe.put(row.get(0), row.get(2));
                    }
                }
            }
        }
        return new DatabaseFacts(
                name, defaults.get(0), defaults.get(1), tables, sequences, unsafe, versioned, StoredCode.take(session));
    }

    /** Views that refer to what is not there. */
    List<String> brokenViews() {
        return code.stream().filter(CodeObject::broken).map(CodeObject::name).toList();
    }

    static String create(String name, String charset, String collation) {
        return "CREATE DATABASE " + Sql.identifier(name) + defaults(charset, collation);
    }

    static String alter(String name, String charset, String collation) {
        return "ALTER DATABASE " + Sql.identifier(name) + defaults(charset, collation);
    }

    private static String defaults(String charset, String collation) {
        return " CHARACTER SET " + charset + " COLLATE " + collation;
    }
}
