package dev.holdfast.shim.mysql;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The views, routines, triggers and events of a database.
 *
 * <p>They are taken apart from tables and rows, because only the tables can be moved from one database to another, and because their text
 * may name its database, so that it can be run in no other.
 */
final class StoredCode {
    private StoredCode() {}

    /** All of them in the order in which they are made, as the session's database has them now. */
    static List<CodeObject> take(MysqlSession session) throws IOException {
        List<Listed> listed = new ArrayList<>();
        list(
                session,
                listed,
                "SELECT 'VIEW', TABLE_NAME, '' FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()");
        list(
                session,
                listed,
                "SELECT ROUTINE_TYPE, ROUTINE_NAME, '' FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA ="
                        + " DATABASE() AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE', 'PACKAGE', 'PACKAGE BODY')");
        list(
                session,
                listed,
                "SELECT 'TRIGGER', TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS"
                        + " WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER");
        list(
                session,
                listed,
                "SELECT 'EVENT', EVENT_NAME, '' FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()");
        // Stable, so that triggers of one table stay in the order in which they fire.
        listed.sort(Comparator.comparing(Listed::kind));
        List<CodeObject> objects = new ArrayList<>();
        for (Listed one : listed) {
            objects.add(show(session, one));
        }
        return viewsInOrder(objects);
    }

    /**
     * Views after those they name: one with CHECK OPTION cannot be made on a placeholder. Names that only look like a view's cannot do harm, there
     * are placeholders too.
     */
    private static List<CodeObject> viewsInOrder(List<CodeObject> objects) {
        List<CodeObject> views = objects.stream()
                .filter(object -> object.kind() == CodeObject.Kind.VIEW)
                .toList();
        Set<CodeObject> ordered = new LinkedHashSet<>();
        views.forEach(view -> addAfterNamed(view, views, ordered, new HashSet<>()));
        List<CodeObject> all = new ArrayList<>(objects);
        all.removeAll(ordered);
        all.addAll(ordered);
        all.sort(Comparator.comparing(CodeObject::kind));
        return all;
    }

    private static void addAfterNamed(
            CodeObject view, List<CodeObject> views, Set<CodeObject> ordered, Set<CodeObject> onTheWay) {
        if (ordered.contains(view) || !onTheWay.add(view)) {
            return;
        }
        for (CodeObject other : views) {
            if (view.statement().contains(MysqlSession.latin(Sql.identifier(other.name())))) {
                addAfterNamed(other, views, ordered, onTheWay);
            }
        }
        ordered.add(view);
    }

    /** Makes them in the session's database, but for broken views. Throws {@link RestoreFailedException} that names the first that cannot be made. */
    static void make(MysqlSession session, List<CodeObject> objects) throws IOException {
        if (objects.isEmpty()) {
            return;
        }
        String collation = session.value("SELECT @@collation_database");
        for (CodeObject object : objects) {
            if (object.kind() == CodeObject.Kind.VIEW && !object.broken()) {
                run(session, object, object.placeholder());
            }
        }
        for (CodeObject object : objects) {
            if (object.broken()) {
                continue;
            }
            for (String statement : object.before(collation)) {
                run(session, object, statement);
            }
            run(session, object, object.make());
            for (String statement : object.after(collation)) {
                run(session, object, statement);
            }
        }
    }

    /** Drops them, events first, so that none runs on what comes. Broken views stay: they could not be made again. */
    static void drop(MysqlSession session, List<CodeObject> objects) throws IOException {
        for (CodeObject object : objects.reversed()) {
            if (!object.broken()) {
                session.execute(object.drop());
            }
        }
    }

    /** Throws when a database lacks something that the snapshot has. */
    static void verify(MysqlServer server, String database, SavedDatabase saved) throws IOException {
        List<String> missing = new ArrayList<>(saved.code());
        try (MysqlSession session = server.session(database)) {
            take(session).forEach(object -> missing.remove(object.describe()));
        }
        if (!missing.isEmpty()) {
            throw new RestoreFailedException("not made in database " + database + ": " + String.join(", ", missing));
        }
    }

    private static void run(MysqlSession session, CodeObject object, String statement) throws IOException {
        try {
            session.queryBytes(statement);
        } catch (SqlFailedException e) {
            throw new RestoreFailedException(object.describe() + " could not be made: " + e.getMessage(), e);
        }
    }

    private static void list(MysqlSession session, List<Listed> into, String query) throws IOException {
        for (List<String> row : session.query(query)) {
            into.add(new Listed(CodeObject.Kind.of(row.get(0)), row.get(1), row.get(2)));
        }
    }

    private static CodeObject show(MysqlSession session, Listed one) throws IOException {
        List<String> columns = one.kind() == CodeObject.Kind.VIEW
                ? session.column(
                        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND"
                                + " TABLE_NAME = " + Sql.literal(one.name()) + " ORDER BY ORDINAL_POSITION")
                : List.of();
        session.execute("SET SESSION character_set_results = NULL");
        List<List<String>> shown = session.queryBytes(
                MysqlSession.latin("SHOW CREATE " + one.kind().words() + " " + Sql.identifier(one.name())));
        session.execute("SET SESSION character_set_results = utf8mb4");
        List<String> row = shown.getFirst();
        boolean view = one.kind() == CodeObject.Kind.VIEW;
        boolean event = one.kind() == CodeObject.Kind.EVENT;
        int at = view ? 1 : event ? 3 : 2;
        String statement = row.get(at);
        if (statement.equals("NULL") || !statement.startsWith("CREATE")) {
            throw new IOException("the text of " + one.kind().words().toLowerCase(Locale.ROOT) + " " + one.name()
                    + " may not be read by this user, so the backup would not be whole");
        }
        return new CodeObject(
                one.kind(),
                one.name(),
                one.table(),
                columns,
                view ? "" : row.get(1),
                row.get(at + 1),
                row.get(at + 2),
                view ? "" : row.get(at + 3),
                event ? row.get(2) : "",
                statement);
    }

    private record Listed(CodeObject.Kind kind, String name, String table) {}
}
