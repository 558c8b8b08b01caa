package dev.holdfast.shim.restore;

import java.util.List;
import java.util.Map;

/**
 * What a restore did.
 *
 * @param databases in the order of the snapshot
 * @param warnings for the user; with any of them the restore is done, with exit code 3
 */
public record RestoreReport(List<Database> databases, List<String> warnings) {
    public RestoreReport {
        databases = List.copyOf(databases);
        warnings = List.copyOf(warnings);
    }

    /**
     * One restored database.
     *
     * @param tables rows by {@code schema.table}
     * @param keptAs the name the replaced database now has, empty when it was dropped or there was none
     */
    public record Database(String name, Map<String, Rows> tables, String keptAs) {
        public Database {
            tables = Map.copyOf(tables);
        }
    }

    /** Rows counted when the backup was taken, and rows counted after the restore. */
    public record Rows(long expected, long actual) {
        public boolean agree() {
            return expected == actual;
        }
    }
}
