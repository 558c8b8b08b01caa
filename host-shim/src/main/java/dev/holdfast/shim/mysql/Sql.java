package dev.holdfast.shim.mysql;

import java.util.ArrayList;
import java.util.List;

/** Quoting for sessions with an empty sql_mode, which all of Holdfast's are. */
final class Sql {
    private Sql() {}

    static String literal(String text) {
        return "'"
                + text.replace("\\", "\\\\")
                        .replace("'", "\\'")
                        .replace("\0", "\\0")
                        .replace("\n", "\\n")
                + "'";
    }

    static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    static String table(String database, String table) {
        return identifier(database) + "." + identifier(table);
    }

    /** The statements of a script, each ended by a semicolon; lines that begin with {@code --} between them are left out. */
    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        int i = 0;
        while (i < script.length()) {
            char c = script.charAt(i);
            if (statement.isEmpty() && Character.isWhitespace(c)) {
                i++;
            } else if (statement.isEmpty() && script.startsWith("--", i)) {
                int end = script.indexOf('\n', i);
                i = end < 0 ? script.length() : end + 1;
            } else if (c == '\'' || c == '"' || c == '`') {
                int end = endOfQuoted(script, i, c);
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

    /** Where the word stands outside all quotes, -1 when nowhere. */
    static int indexOutsideQuotes(String text, String word, int from) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\'' || c == '"' || c == '`') {
                i = endOfQuoted(text, i, c);
            } else if (text.startsWith(word, i)) {
                return i;
            } else {
                i++;
            }
        }
        return -1;
    }

    /** The index after a quoted text that begins at {@code from}. A doubled quote is two quoted texts side by side. */
    static int endOfQuoted(String text, int from, char quote) {
        for (int i = from + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '`') {
                i++;
            } else if (c == quote) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("the script ends inside quotes");
    }
}
