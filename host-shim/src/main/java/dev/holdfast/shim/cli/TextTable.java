package dev.holdfast.shim.cli;

import java.util.List;

/** Rows of text in columns that are as wide as their widest cell. */
final class TextTable {
    private TextTable() {}

    /** Prints rows of equal length for people. */
    static void print(Console console, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            console.say(line.toString().stripTrailing());
        }
    }
}
