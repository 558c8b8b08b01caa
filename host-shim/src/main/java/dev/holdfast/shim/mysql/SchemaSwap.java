package dev.holdfast.shim.mysql;

import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the tables of a filled database in the place of another's.
 *
 * <p>No database can be renamed, but one RENAME TABLE moves all its tables out and the new ones in, or none. Views, routines, triggers and events
 * cannot be moved: the old ones are dropped before, their text being held, and the new ones made after. Whatever fails, the tables are moved back
 * and the old ones are made again.
 */
final class SchemaSwap {
    private static final String KEPT_CODE = "holdfast_replaced_code";

    private final MysqlServer server;
    private final String name;
    private final String fresh;
    private final String aside;

    SchemaSwap(MysqlServer server, String name, String fresh) {
        this.server = server;
        this.name = name;
        this.fresh = fresh;
        this.aside = Beside.of(name, "replaced");
    }

    /** Tables elsewhere with a foreign key into this database: they would follow the tables that are moved out. */
    static List<String> pointingFromOutside(MysqlSession session, String name) throws IOException {
        return session.column("SELECT DISTINCT CONCAT(CONSTRAINT_SCHEMA, '.', TABLE_NAME) FROM"
                + " information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = " + Sql.literal(name)
                + " AND CONSTRAINT_SCHEMA <> " + Sql.literal(name));
    }

    /** Gives the name of the database in which what was replaced is kept, empty when it is dropped. */
    String run(SavedDatabase saved, List<CodeObject> code, RestoreOptions.Replaced replaced, List<String> warnings)
            throws IOException {
        DatabaseFacts old = facts(name);
        List<String> grants = RoutineGrants.take(server, name);
        try (MysqlSession session = server.session()) {
            session.execute(DatabaseFacts.create(aside, old.charset(), old.collation()));
        }
        try {
            exchange(old, saved, code, grants, warnings);
        } catch (IOException | RuntimeException e) {
            throw undo(old, grants, e);
        }
        return replaced == RestoreOptions.Replaced.KEEP ? keep(old) : dropAside(warnings);
    }

    private void exchange(
            DatabaseFacts old, SavedDatabase saved, List<CodeObject> code, List<String> grants, List<String> warnings)
            throws IOException {
        List<String> incoming = facts(fresh).tables();
        try (MysqlSession session = server.session(name)) {
            StoredCode.drop(session, old.code());
            move(session, old.tables(), aside, incoming, fresh);
            session.execute(DatabaseFacts.alter(name, saved.charset(), saved.collation()));
            StoredCode.make(session, code);
        }
        StoredCode.verify(server, name, saved);
        for (String grant : grants) {
            try (MysqlSession session = server.session()) {
                session.execute(grant);
            } catch (SqlFailedException e) {
                warnings.add("the routine is not in the snapshot, so this is lost: " + grant);
            }
        }
    }

    /** One statement: either all tables are moved or none. */
    private void move(MysqlSession session, List<String> out, String outTo, List<String> in, String inFrom)
            throws IOException {
        List<String> moves = new ArrayList<>();
        out.forEach(table -> moves.add(Sql.table(name, table) + " TO " + Sql.table(outTo, table)));
        in.forEach(table -> moves.add(Sql.table(inFrom, table) + " TO " + Sql.table(name, table)));
        session.execute("SET SESSION foreign_key_checks = 0");
        if (!moves.isEmpty()) {
            session.execute("RENAME TABLE " + String.join(", ", moves));
        }
    }

    /** Looks at where things are, since a lost connection does not say how far the server came. */
    private RestoreFailedException undo(DatabaseFacts old, List<String> grants, Exception cause) {
        try {
            DatabaseFacts now = facts(name);
            List<String> moved = facts(aside).tables();
            boolean exchanged =
                    !moved.isEmpty() || (old.tables().isEmpty() && !now.tables().isEmpty());
            try (MysqlSession session = server.session(name)) {
                StoredCode.drop(session, now.code());
                if (exchanged) {
                    move(session, now.tables(), fresh, moved, aside);
                }
                session.execute(DatabaseFacts.alter(name, old.charset(), old.collation()));
                StoredCode.make(session, old.code());
                for (String grant : grants) {
                    session.execute(grant);
                }
                session.execute("DROP DATABASE " + Sql.identifier(aside));
            }
            return new RestoreFailedException(
                    "database " + name + " could not be replaced and is as it was: " + cause.getMessage(), cause);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
            return new RestoreFailedException(
                    "database " + name + " could not be replaced (" + cause.getMessage()
                            + ") and could not be put back whole (" + e.getMessage()
                            + "). Nothing was dropped of its tables: look for them in " + name + " and in " + aside,
                    cause);
        }
    }

    private String keep(DatabaseFacts old) throws IOException {
        try (MysqlSession session = server.session(aside)) {
            session.execute("CREATE TABLE " + Sql.identifier(KEPT_CODE)
                    + " (kind VARCHAR(16), name VARCHAR(64), definition LONGBLOB) CHARACTER SET utf8mb4");
            for (CodeObject object : old.code()) {
                session.queryBytes("INSERT INTO " + KEPT_CODE + " VALUES ('"
                        + object.kind().words() + "', "
                        + MysqlSession.latin(Sql.literal(object.name())) + ", _binary "
                        + Sql.literal(object.statement()) + ")");
            }
        }
        return aside;
    }

    private String dropAside(List<String> warnings) throws IOException {
        try (MysqlSession session = server.session()) {
            session.execute("SET SESSION foreign_key_checks = 0");
            session.execute("DROP DATABASE " + Sql.identifier(aside));
            return "";
        } catch (SqlFailedException e) {
            warnings.add("database " + name + " is restored; what it replaced is still there in " + aside + ": "
                    + e.getMessage());
            return aside;
        }
    }

    private DatabaseFacts facts(String database) throws IOException {
        try (MysqlSession session = server.session(database)) {
            return DatabaseFacts.of(session, database);
        }
    }
}
