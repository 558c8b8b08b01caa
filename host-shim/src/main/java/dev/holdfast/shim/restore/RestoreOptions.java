package dev.holdfast.shim.restore;

import java.util.Optional;

/**
 * What to restore of a snapshot.
 *
 * @param database this database alone; empty means all of the snapshot
 * @param table this table or collection alone, as the engine writes it ({@code schema.table} as SQL would quote it); needs {@code database}
 */
public record RestoreOptions(Optional<String> database, Optional<String> table, Replaced replaced) {
    /** What becomes of a database or table that is replaced. */
    public enum Replaced {
        DROP,
        /** Kept under another name. */
        KEEP
    }

    public RestoreOptions {
        if (table.isPresent() && database.isEmpty()) {
            throw new IllegalArgumentException("a table is restored into a database: name the database too");
        }
    }

    public static RestoreOptions everything() {
        return new RestoreOptions(Optional.empty(), Optional.empty(), Replaced.DROP);
    }

    public RestoreOptions onlyDatabase(String name) {
        return new RestoreOptions(Optional.of(name), table, replaced);
    }

    public RestoreOptions onlyTable(String inDatabase, String name) {
        return new RestoreOptions(Optional.of(inDatabase), Optional.of(name), replaced);
    }

    public RestoreOptions keepingReplaced() {
        return new RestoreOptions(database, table, Replaced.KEEP);
    }
}
