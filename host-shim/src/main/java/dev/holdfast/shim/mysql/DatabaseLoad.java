package dev.holdfast.shim.mysql;

import dev.holdfast.shim.docker.ExecResult;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Fills an empty database with a snapshot's tables and rows, and counts them. */
final class DatabaseLoad {
    private static final int MAX_CODE_BYTES = 256 << 20;

    private final MysqlServer server;
    private final SnapshotStreams snapshot;

    DatabaseLoad(MysqlServer server, SnapshotStreams snapshot) {
        this.server = server;
        this.snapshot = snapshot;
    }

    /** Gives the views, routines, triggers and events, which are not made yet. */
    List<CodeObject> fill(SavedDatabase database, String into) throws IOException {
        try (InputStream stream = snapshot.open(database.stream())) {
            ExecResult result = server.engine()
                    .run(server.container(), server.load(into), new LeadingBytes(stream, database.codeOffset()));
            if (result.exitCode() != 0) {
                throw new RestoreFailedException("tables of database " + database.name()
                        + " could not be loaded; what was there before is untouched\n" + result.stderr());
            }
            byte[] code = stream.readNBytes(MAX_CODE_BYTES);
            if (stream.read() >= 0) {
                throw new RestoreFailedException("views and routines of database " + database.name()
                        + " are longer than " + MAX_CODE_BYTES + " bytes; what was there before is untouched");
            }
            return CodeScript.read(code);
        }
    }

    /** Throws when the rows are not those of the backup. */
    Map<String, RestoreReport.Rows> compare(SavedDatabase database, String in) throws IOException {
        Map<String, RestoreReport.Rows> rows = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        try (MysqlSession session = server.session(in)) {
            List<String> there = DatabaseFacts.of(session, in).tables();
            for (Map.Entry<String, Long> table : database.tables().entrySet()) {
                long actual = there.contains(table.getKey())
                        ? Long.parseLong(session.value("SELECT COUNT(*) FROM " + Sql.identifier(table.getKey())))
                        : -1;
                rows.put(table.getKey(), new RestoreReport.Rows(table.getValue(), actual));
                if (actual != table.getValue()) {
                    wrong.add(table.getKey() + " has " + actual + " rows instead of " + table.getValue());
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new RestoreFailedException(
                    "database " + database.name() + " was restored and does not hold what was backed up; "
                            + "what was there before is untouched: " + String.join(", ", wrong));
        }
        return rows;
    }
}
