package dev.holdfast.shim.mysql;

import java.util.ArrayList;
import java.util.List;

/**
 * A view, routine, trigger or event with what it was made under.
 *
 * @param table the table of a trigger, otherwise empty
 * @param columns of a view, otherwise empty
 * @param client character set of the statement
 * @param connection collation of its literals
 * @param databaseCollation the database's default when it was made; empty for a view
 * @param timeZone of an event, otherwise empty
 * @param statement what SHOW CREATE gives, of which each character stands for a byte
 */
record CodeObject(
        Kind kind,
        String name,
        String table,
        List<String> columns,
        String sqlMode,
        String client,
        String connection,
        String databaseCollation,
        String timeZone,
        String statement) {
    /** In the order in which they are made: a view may call a function, and events begin to run at once. */
    enum Kind {
        PACKAGE("PACKAGE"),
        PACKAGE_BODY("PACKAGE BODY"),
        FUNCTION("FUNCTION"),
        PROCEDURE("PROCEDURE"),
        VIEW("VIEW"),
        TRIGGER("TRIGGER"),
        EVENT("EVENT");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        static Kind of(String words) {
            return valueOf(words.replace(' ', '_'));
        }
    }

    CodeObject {
        columns = List.copyOf(columns);
    }

    /** A view that refers to what is not there: no server makes such a one, it only keeps it. */
    boolean broken() {
        return kind == Kind.VIEW && columns.isEmpty();
    }

    /** A view of the same columns that needs nothing else, so that views can be made in any order. */
    String placeholder() {
        List<String> ones = new ArrayList<>();
        for (String column : columns) {
            ones.add("1 AS " + Sql.identifier(column));
        }
        return MysqlSession.latin(
                "CREATE OR REPLACE VIEW " + Sql.identifier(name) + " AS SELECT " + String.join(", ", ones));
    }

    /** What is to be set before the statement is run in a database of that collation. */
    List<String> before(String collation) {
        List<String> before = new ArrayList<>();
        if (otherCollation(collation)) {
            before.add("ALTER DATABASE COLLATE " + databaseCollation);
        }
        before.add("SET SESSION sql_mode = " + Sql.literal(sqlMode) + ", character_set_client = " + client
                + ", collation_connection = " + connection
                + (timeZone.isEmpty() ? "" : ", time_zone = " + Sql.literal(timeZone)));
        return before;
    }

    /** The statement to run; a view takes the place of its placeholder. */
    String make() {
        return kind == Kind.VIEW ? "CREATE OR REPLACE" + statement.substring("CREATE".length()) : statement;
    }

    List<String> after(String collation) {
        List<String> after = new ArrayList<>();
        if (otherCollation(collation)) {
            after.add("ALTER DATABASE COLLATE " + collation);
        }
        after.add("SET SESSION sql_mode = '', character_set_client = utf8mb4, collation_connection = utf8mb4_general_ci"
                + (timeZone.isEmpty() ? "" : ", time_zone = DEFAULT"));
        return after;
    }

    String drop() {
        return "DROP " + kind.words() + " IF EXISTS " + Sql.identifier(name);
    }

    String describe() {
        return kind.words().toLowerCase(java.util.Locale.ROOT) + " " + name;
    }

    private boolean otherCollation(String collation) {
        return !databaseCollation.isEmpty() && !databaseCollation.equals(collation);
    }
}
