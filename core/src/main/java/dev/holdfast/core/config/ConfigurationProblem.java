package dev.holdfast.core.config;

/**
 * Something that is wrong with a configuration file, or merely odd.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param path of the value, for example {@code services.shop.copies[0].storage}; empty for the file itself
 * @param message what is wrong and what would be right; never a secret
 */
public record ConfigurationProblem(Severity severity, int line, int column, String path, String message) {
    /** Whether the file can be used all the same. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** In the form that editors and terminals make a link of: {@code file:line:column: message}. */
    public String in(String file) {
        String kind = severity == Severity.WARNING ? "warning: " : "";
        String where = path.isEmpty() ? "" : path + ": ";
        return file + ":" + line + ":" + column + ": " + kind + where + message;
    }
}
