package dev.holdfast.shim.restore;

import java.util.List;
import java.util.Map;

/**
 * What a restore did.
 *
 * @param databases in the order of the snapshot
 * @param folders restored folders, and streams that were written as files
 * @param warnings for the user; with any of them the restore is done, with exit code 3
 */
public record RestoreReport(List<Database> databases, List<Folder> folders, List<String> warnings) {
    public RestoreReport {
        databases = List.copyOf(databases);
        folders = List.copyOf(folders);
        warnings = List.copyOf(warnings);
    }

    /** Of databases alone. */
    public RestoreReport(List<Database> databases, List<String> warnings) {
        this(databases, List.of(), warnings);
    }

    /**
     * One restored folder, or one stream that was written as a file.
     *
     * @param name the folder's path when it was backed up, or the stream's name
     * @param place where it is now
     * @param entries files, folders, links and the like; 1 for a stream
     * @param bytes of content written
     */
    public record Folder(String name, String place, long entries, long bytes) {}

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
