package dev.holdfast.shim.mysql;

import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Brings one table from a whole restore beside into the living database.
 *
 * <p>A table that is gone is made anew with its triggers. A table that is there keeps its definition, and its rows are exchanged in one
 * transaction that locks it: its triggers are taken away meanwhile and made again, and every foreign key from and to it is checked before the
 * commit; one row without a partner rolls everything back.
 */
final class TableRestore {
    private final MysqlServer server;
    private final String database;
    private final String beside;
    private final String table;
    private final List<String> warnings;

    TableRestore(MysqlServer server, String database, String beside, String table, List<String> warnings) {
        this.server = server;
        this.database = database;
        this.beside = beside;
        this.table = table;
        this.warnings = warnings;
    }

    static List<String> plan(MysqlServer server, SavedDatabase saved, String table) throws IOException {
        List<String> plan = new ArrayList<>();
        plan.add("restore database " + saved.name()
                + " beside, under another name, and drop it in the end: it needs room for all of it");
        try (MysqlSession session = server.session()) {
            if (!DatabaseFacts.exists(session, saved.name())) {
                plan.add("and then stop: there is no database " + saved.name() + " to restore a table into");
            } else if (exists(session, saved.name(), table)) {
                plan.add("replace the rows of table " + table + " by "
                        + saved.tables().get(table)
                        + " rows of the snapshot; the rows it has now are lost unless kept; its definition, indexes,"
                        + " triggers and grants stay as they are now, its triggers do not fire");
            } else {
                plan.add("create table " + table + " with its indexes, foreign keys and triggers");
            }
        }
        return plan;
    }

    /** {@code code} is the snapshot's, for the triggers of a table that is gone. */
    RestoreReport.Rows run(List<CodeObject> code, RestoreOptions.Replaced replaced) throws IOException {
        boolean there;
        try (MysqlSession session = server.session()) {
            there = exists(session, database, table);
        }
        if (there) {
            exchangeRows(replaced);
        } else {
            create(code.stream().filter(this::isTriggerOfTable).toList());
        }
        try (MysqlSession session = server.session()) {
            return new RestoreReport.Rows(count(session, beside), count(session, database));
        }
    }

    private void create(List<CodeObject> triggers) throws IOException {
        try {
            String definition;
            try (MysqlSession session = server.session(beside)) {
                // Of this session's own database, so that names of tables it points at are without a database.
                definition = session.query("SHOW CREATE TABLE " + Sql.identifier(table))
                        .getFirst()
                        .get(1);
            }
            String columns = columns();
            try (MysqlSession session = server.session(database)) {
                session.execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0");
                session.execute(definition);
                session.execute("SET SESSION unique_checks = 0");
                session.execute("INSERT INTO " + Sql.identifier(table) + " (" + columns + ") SELECT " + columns
                        + " FROM " + Sql.table(beside, table));
                checkKeys(session);
                session.execute("SET SESSION sql_mode = ''");
                StoredCode.make(session, triggers);
            }
        } catch (IOException | RuntimeException e) {
            try (MysqlSession session = server.session(database)) {
                session.execute("SET SESSION foreign_key_checks = 0");
                session.execute("DROP TABLE IF EXISTS " + Sql.identifier(table));
            }
            throw new RestoreFailedException(
                    "table " + table + " could not be made in database " + database + ", which is as it was: "
                            + e.getMessage(),
                    e);
        }
    }

    private void exchangeRows(RestoreOptions.Replaced replaced) throws IOException {
        List<CodeObject> triggers;
        try (MysqlSession session = server.session(database)) {
            DatabaseFacts facts = DatabaseFacts.of(session, database);
            String engine = facts.unsafe().get(table);
            if (engine != null) {
                throw new RestoreFailedException("table " + table + " is as it was: its engine " + engine
                        + " has no transactions, so its rows cannot be exchanged safely; rename the table and restore it"
                        + " anew");
            }
            triggers = facts.code().stream().filter(this::isTriggerOfTable).toList();
        }
        String columns = comparedColumns();
        try {
            try (MysqlSession session = server.session(database)) {
                StoredCode.drop(session, triggers);
                if (replaced == RestoreOptions.Replaced.KEEP) {
                    String kept = Beside.of(table, "replaced");
                    session.execute(
                            "CREATE TABLE " + Sql.identifier(kept) + " AS SELECT * FROM " + Sql.identifier(table));
                    warnings.add("the rows that " + table + " had are kept in table " + kept);
                }
                session.execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0");
                session.execute("START TRANSACTION");
                session.execute("DELETE FROM " + Sql.identifier(table));
                session.execute("INSERT INTO " + Sql.identifier(table) + " (" + columns + ") SELECT " + columns
                        + " FROM " + Sql.table(beside, table));
                checkKeys(session);
                session.execute("COMMIT");
            }
        } catch (SqlFailedException e) {
            throw new RestoreFailedException("table " + table + " is as it was: " + e.getMessage(), e);
        } finally {
            try (MysqlSession session = server.session(database)) {
                List<CodeObject> gone = new ArrayList<>(triggers);
                gone.removeAll(StoredCode.take(session));
                StoredCode.make(session, gone);
            }
        }
    }

    /** For each foreign key from or to the table, counts its rows without a partner. */
    private void checkKeys(MysqlSession session) throws IOException {
        for (List<String> key : session.query(
                "SELECT CONSTRAINT_NAME, TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME,"
                        + " GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION SEPARATOR '\\0'),"
                        + " GROUP_CONCAT(REFERENCED_COLUMN_NAME ORDER BY ORDINAL_POSITION SEPARATOR '\\0')"
                        + " FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL AND"
                        + " (TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " + Sql.literal(table)
                        + " OR REFERENCED_TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = " + Sql.literal(table)
                        + ") GROUP BY CONSTRAINT_NAME, TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_SCHEMA,"
                        + " REFERENCED_TABLE_NAME")) {
            String[] from = key.get(5).split("\0", -1);
            String[] to = key.get(6).split("\0", -1);
            List<String> set = new ArrayList<>();
            List<String> same = new ArrayList<>();
            for (int i = 0; i < from.length; i++) {
                set.add("c." + Sql.identifier(from[i]) + " IS NOT NULL");
                same.add("p." + Sql.identifier(to[i]) + " = c." + Sql.identifier(from[i]));
            }
            long orphans = Long.parseLong(session.value("SELECT COUNT(*) FROM " + Sql.table(key.get(1), key.get(2))
                    + " c WHERE " + String.join(" AND ", set) + " AND NOT EXISTS (SELECT 1 FROM "
                    + Sql.table(key.get(3), key.get(4)) + " p WHERE " + String.join(" AND ", same)
                    + ") LOCK IN SHARE MODE"));
            if (orphans > 0) {
                throw new RestoreFailedException("table " + table + " is as it was: with the snapshot's rows, "
                        + orphans + " rows would have no partner under foreign key " + key.get(0));
            }
        }
    }

    /** The columns to copy, checked to be the same on both sides. */
    private String comparedColumns() throws IOException {
        String query = "SELECT COLUMN_NAME, COLUMN_TYPE, COALESCE(COLLATION_NAME, ''), EXTRA LIKE '%GENERATED%'"
                + " FROM information_schema.COLUMNS WHERE TABLE_NAME = " + Sql.literal(table) + " AND TABLE_SCHEMA = ";
        try (MysqlSession session = server.session()) {
            List<List<String>> then = session.query(query + Sql.literal(beside) + " ORDER BY COLUMN_NAME");
            List<List<String>> now = session.query(query + Sql.literal(database) + " ORDER BY COLUMN_NAME");
            if (!then.equals(now)) {
                throw new RestoreFailedException("table " + table
                        + " is as it was: its columns are no longer those of the snapshot, so the rows do not fit; restore"
                        + " the whole database, or rename the table and restore it anew");
            }
        }
        return columns();
    }

    /** Without generated ones. MySQL calls a computed default DEFAULT_GENERATED, and that column is an ordinary one. */
    private String columns() throws IOException {
        try (MysqlSession session = server.session()) {
            return session
                    .column("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                            + Sql.literal(beside) + " AND TABLE_NAME = " + Sql.literal(table)
                            + " AND COALESCE(GENERATION_EXPRESSION, '') = '' ORDER BY ORDINAL_POSITION")
                    .stream()
                    .map(Sql::identifier)
                    .collect(Collectors.joining(", "));
        }
    }

    private boolean isTriggerOfTable(CodeObject object) {
        return object.kind() == CodeObject.Kind.TRIGGER && object.table().equals(table);
    }

    private static boolean exists(MysqlSession session, String database, String table) throws IOException {
        return !session.query("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + Sql.literal(database)
                        + " AND TABLE_NAME = " + Sql.literal(table))
                .isEmpty();
    }

    private long count(MysqlSession session, String in) throws IOException {
        return Long.parseLong(session.value("SELECT COUNT(*) FROM " + Sql.table(in, table)));
    }
}
