package dev.holdfast.shim.mysql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads along with the text of mysqldump or mariadb-dump and counts the rows of each table in it. So the counts are those of the dump itself,
 * whatever is written to the server meanwhile and whatever its engines, and no table is read twice.
 *
 * <p>Knows what these tools write: comment lines, quotes of three kinds with backslashes and doubling, and {@code INSERT INTO `t` [(columns)] VALUES
 * (row),(row)…;} on one line or many. Triggers and routines, whose text could hold anything, must not be in it.
 */
final class DumpRows {
    private final Map<String, Long> rows = new TreeMap<>();
    private final ByteArrayOutputStream keyword = new ByteArrayOutputStream();
    private final ByteArrayOutputStream name = new ByteArrayOutputStream();
    private long bytes;

    /** The quote we are in, 0 outside. */
    private byte quote;

    private boolean escaped;
    private boolean comment;
    private int dashes;
    private boolean lineStart = true;
    private Statement statement = Statement.KEYWORD;
    private int depth;
    private long inserted;

    /** Where in a statement we are. */
    private enum Statement {
        KEYWORD,
        NAME,
        NAME_ENDING,
        COLUMNS,
        VALUES,
        OTHER
    }

    void add(byte[] data, int offset, int length) {
        bytes += length;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte b = data[i];
            if (comment) {
                comment = b != '\n';
                lineStart = !comment;
            } else if (quote != 0) {
                i = quoted(data, i, end);
            } else {
                plain(b);
            }
        }
    }

    /** How many bytes were added. */
    long bytes() {
        return bytes;
    }

    /** Rows by table, of every table that is created. Complete once the dump is. */
    Map<String, Long> rows() {
        return rows;
    }

    /** Goes on to the end of the quotes or of the data; nearly all bytes of a dump pass here. */
    private int quoted(byte[] data, int from, int end) {
        for (int i = from; i < end; i++) {
            byte b = data[i];
            if (escaped) {
                escaped = false;
            } else if (b == '\\' && quote != '`') {
                escaped = true;
            } else if (b == quote) {
                quote = 0;
                if (statement == Statement.NAME) {
                    statement = Statement.NAME_ENDING;
                }
                return i;
            } else if (statement == Statement.NAME) {
                name.write(b);
            }
        }
        return end;
    }

    private void plain(byte b) {
        if (b == '-' && (lineStart || dashes == 1)) {
            dashes++;
            lineStart = false;
            if (dashes == 2) {
                dashes = 0;
                comment = true;
                keyword.reset();
            }
            return;
        }
        dashes = 0;
        lineStart = b == '\n';
        if (statement == Statement.NAME_ENDING) {
            if (b == '`') {
                name.write(b);
                statement = Statement.NAME;
                quote = b;
                return;
            }
            named();
        }
        switch (b) {
            case '`', '\'', '"' -> {
                quote = b;
                if (statement == Statement.KEYWORD) {
                    statement = b == '`' ? Statement.NAME : Statement.OTHER;
                }
            }
            case ';' -> end();
            case '(' -> {
                if (depth == 0 && statement == Statement.VALUES) {
                    inserted++;
                }
                depth++;
            }
            case ')' -> depth--;
            case 'V' -> {
                if (statement == Statement.COLUMNS && depth == 0) {
                    statement = Statement.VALUES;
                } else {
                    keep(b);
                }
            }
            default -> keep(b);
        }
    }

    private void keep(byte b) {
        if (statement == Statement.KEYWORD && keyword.size() < 100) {
            keyword.write(b);
        }
    }

    private void named() {
        String verb = keyword.toString(StandardCharsets.UTF_8).strip();
        if (verb.startsWith("CREATE TABLE")) {
            rows.putIfAbsent(table(), 0L);
        }
        statement = verb.startsWith("INSERT") || verb.startsWith("REPLACE") ? Statement.COLUMNS : Statement.OTHER;
    }

    private void end() {
        if (inserted > 0) {
            rows.merge(table(), inserted, Long::sum);
        }
        inserted = 0;
        depth = 0;
        keyword.reset();
        name.reset();
        statement = Statement.KEYWORD;
    }

    private String table() {
        return name.toString(StandardCharsets.UTF_8);
    }
}
