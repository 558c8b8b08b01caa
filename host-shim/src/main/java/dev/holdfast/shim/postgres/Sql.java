package dev.holdfast.shim.postgres;

import java.util.ArrayList;
import java.util.List;

/** Quoting, for standard_conforming_strings. */
final class Sql {
    private Sql() {}

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A libpq connection string: names with {@code =} or {@code ://} in them would otherwise be taken for one. */
    static String connection(String database, String user) {
        return "dbname=" + connectionValue(database) + " user=" + connectionValue(user);
    }

    /**
     * The statements of a script that {@code pg_dumpall} wrote, without comments, psql commands and final semicolons. Knows quoted
     * names, literals and {@code E''} literals; such scripts have no dollar quotes.
     */
    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        int i = 0;
        while (i < script.length()) {
            char c = script.charAt(i);
            if (statement.isEmpty() && Character.isWhitespace(c)) {
                i++;
            } else if ((c == '-' && script.startsWith("--", i)) || (c == '\\' && statement.isEmpty())) {
                i = endOfLine(script, i);
            } else if (c == '\'' || c == '"') {
                boolean escapes =
                        c == '\'' && i > 0 && (script.charAt(i - 1) | 0x20) == 'e' && startsWord(script, i - 1);
                int end = endOfQuoted(script, i, c, escapes);
                statement.append(script, i, end);
                i = end;
            } else if (c == ';') {
                statements.add(statement.toString());
                statement.setLength(0);
                i++;
            } else {
                statement.append(c);
                i++;
            }
        }
        if (!statement.toString().isBlank()) {
            throw new IllegalArgumentException("the script ends in the middle of a statement");
        }
        return statements;
    }

    private static String connectionValue(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static boolean startsWord(String script, int at) {
        return at == 0 || (!Character.isLetterOrDigit(script.charAt(at - 1)) && script.charAt(at - 1) != '_');
    }

    private static int endOfLine(String script, int from) {
        int end = script.indexOf('\n', from);
        return end < 0 ? script.length() : end + 1;
    }

    private static int endOfQuoted(String script, int from, char quote, boolean escapes) {
        int i = from + 1;
        while (i < script.length()) {
            char c = script.charAt(i);
            if (escapes && c == '\\') {
                i += 2;
            } else if (c != quote) {
                i++;
            } else if (i + 1 < script.length() && script.charAt(i + 1) == quote) {
                i += 2;
            } else {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("the script ends inside quotes");
    }
}
