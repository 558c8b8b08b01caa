package dev.holdfast.shim.postgres;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.database.OpenDumps;
import dev.holdfast.shim.docker.ExecStream;
import dev.holdfast.shim.docker.MarkedStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One database's dump: the session that holds the snapshot, pg_dump that reads it, the thread that counts in it. */
final class DatabaseDump implements OpenDumps.Dump {
    private static final byte[] CUSTOM_FORMAT = "PGDMP".getBytes(StandardCharsets.US_ASCII);

    private final PostgresServer server;
    private final DatabaseFacts database;
    private final PsqlSession session;
    private final String snapshot;
    private final Counting counting;
    private volatile @Nullable ExecStream exec;
    private volatile boolean whole;

    private DatabaseDump(PostgresServer server, DatabaseFacts database, PsqlSession session, String snapshot) {
        this.server = server;
        this.database = database;
        this.session = session;
        this.snapshot = snapshot;
        this.counting = new Counting(session);
    }

    /** Takes the snapshot. A replica of version 10 or newer exports one too, at this isolation level. */
    static DatabaseDump begin(PostgresServer server, DatabaseFacts database) throws IOException {
        PsqlSession session = server.session(database.name());
        try {
            session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            return new DatabaseDump(server, database, session, session.execute("SELECT pg_export_snapshot()"));
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    DatabaseFacts database() {
        return database;
    }

    String stream() {
        return PostgresSource.streamName(database.name());
    }

    InputStream open() throws IOException {
        if (exec != null) {
            throw new IllegalStateException("the dump of " + database.name() + " was opened twice");
        }
        ExecStream dump = server.start(server.command(
                "pg_dump",
                "--format=custom",
                "--compress=0",
                "--no-password",
                "--snapshot=" + snapshot,
                "-d",
                server.connection(database.name())));
        exec = dump;
        counting.start();
        return new Watched(new MarkedStream(
                dump.stdout(), dump.describe() + " of database " + database.name(), CUSTOM_FORMAT, ""));
    }

    @Override
    public boolean isWhole() {
        return whole;
    }

    /** Waits for the counts and ends the snapshot. Throws when the dump was not read to its end. */
    Map<String, Object> finish() throws IOException {
        if (!whole) {
            throw new DumpFailedException("the dump of " + database.name() + " was not read to its end");
        }
        RowCounts counts;
        try {
            counts = counting.result();
            session.execute("COMMIT");
        } catch (IOException e) {
            throw RecoveryConflict.explained(e);
        }
        close();
        Map<String, Object> evidence = new LinkedHashMap<>(counts.asEvidence());
        evidence.put("stream", stream());
        evidence.put("properties", database.properties());
        return evidence;
    }

    @Override
    public void close() throws IOException {
        try {
            session.close();
        } finally {
            ExecStream dump = exec;
            if (dump != null) {
                dump.close();
            }
        }
    }

    /** Notes the end, and explains failures that only a replica has. */
    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    whole = true;
                }
                return count;
            } catch (IOException e) {
                throw RecoveryConflict.explained(e);
            }
        }
    }
}
