package dev.holdfast.shim.postgres;

import java.util.Optional;

/**
 * What to restore.
 *
 * @param database this database alone; empty means all of the snapshot
 * @param table this table alone, {@code schema.table} as SQL would quote it; needs {@code database}
 */
public record PostgresRestoreOptions(Optional<String> database, Optional<String> table, Replaced replaced) {
    /** What becomes of a database or table that is replaced. */
    public enum Replaced {
        DROP,
        /** Kept under another name. */
        KEEP
    }

    public PostgresRestoreOptions {
        if (table.isPresent() && database.isEmpty()) {
            throw new IllegalArgumentException("a table is restored into a database: name the database too");
        }
    }

    public static PostgresRestoreOptions everything() {
        return new PostgresRestoreOptions(Optional.empty(), Optional.empty(), Replaced.DROP);
    }

    public PostgresRestoreOptions onlyDatabase(String name) {
        return new PostgresRestoreOptions(Optional.of(name), table, replaced);
    }

    public PostgresRestoreOptions onlyTable(String inDatabase, String name) {
        return new PostgresRestoreOptions(Optional.of(inDatabase), Optional.of(name), replaced);
    }

    public PostgresRestoreOptions keepingReplaced() {
        return new PostgresRestoreOptions(database, table, Replaced.KEEP);
    }
}
