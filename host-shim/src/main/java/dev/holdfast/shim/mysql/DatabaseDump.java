package dev.holdfast.shim.mysql;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.database.OpenDumps;
import dev.holdfast.shim.docker.ExecStream;
import dev.holdfast.shim.docker.MarkedStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One database's dump: the tool's text of tables and rows, counted as it passes, then views, routines, triggers and events. */
final class DatabaseDump implements OpenDumps.Dump {
    private static final String END_MARK = "-- Dump completed";

    private final DatabaseFacts facts;
    private final String stream;
    private final ExecStream exec;
    private final DumpRows rows = new DumpRows();
    private final InputStream dump;
    private final int firstByte;
    private final byte[] code;
    private volatile boolean whole;

    private DatabaseDump(DatabaseFacts facts, String stream, ExecStream exec, InputStream dump, int firstByte) {
        this.facts = facts;
        this.stream = stream;
        this.exec = exec;
        this.dump = dump;
        this.firstByte = firstByte;
        this.code = CodeScript.write(facts.code(), facts.collation());
    }

    /** Starts the tool and waits for its first byte: a database that is gone fails here. */
    static DatabaseDump begin(MysqlServer server, MysqlServer.Tool tool, String database, String stream)
            throws IOException {
        DatabaseFacts facts;
        try (MysqlSession session = server.session(database)) {
            facts = DatabaseFacts.of(session, database);
        }
        ExecStream exec = server.start(server.command(tool.name(), arguments(tool, facts)));
        try {
            InputStream dump = new MarkedStream(
                    exec.stdout(), exec.describe() + " of database " + database, new byte[0], END_MARK);
            return new DatabaseDump(facts, stream, exec, dump, dump.read());
        } catch (IOException | RuntimeException e) {
            exec.close();
            throw e;
        }
    }

    DatabaseFacts facts() {
        return facts;
    }

    String stream() {
        return stream;
    }

    InputStream open() {
        return new SequenceInputStream(new Counted(), new ByteArrayInputStream(code));
    }

    @Override
    public boolean isWhole() {
        return whole;
    }

    /** Tables that were there at the beginning and are not in the dump. Known once it is whole. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(facts.tables());
        missing.removeAll(facts.sequences());
        missing.removeAll(rows.rows().keySet());
        return missing;
    }

    /** Throws when the stream was not read to its end. */
    Map<String, Object> finish() throws IOException {
        exec.close();
        if (!whole) {
            throw new DumpFailedException("the dump of database " + facts.name() + " was not read to its end");
        }
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("stream", stream);
        evidence.put("charset", facts.charset());
        evidence.put("collation", facts.collation());
        evidence.put("tables", rows.rows());
        evidence.put("rowsCounted", "in the dump");
        evidence.put("codeOffset", rows.bytes());
        evidence.put(
                "code",
                facts.code().stream()
                        .filter(object -> !object.broken())
                        .map(CodeObject::describe)
                        .toList());
        evidence.put("brokenViews", facts.brokenViews());
        evidence.put("nonTransactionalTables", facts.unsafe());
        return evidence;
    }

    @Override
    public void close() throws IOException {
        exec.close();
    }

    private static List<String> arguments(MysqlServer.Tool tool, DatabaseFacts facts) {
        // Some server's own option file could say otherwise, so what matters is said even where it is the default.
        List<String> arguments = new ArrayList<>(List.of(
                "--single-transaction",
                "--quick",
                "--hex-blob",
                "--opt",
                "--skip-lock-tables",
                "--skip-triggers",
                "--skip-routines",
                "--skip-events",
                "--no-tablespaces",
                "--comments",
                "--skip-dump-date",
                "--tz-utc",
                "--quote-names"));
        arguments.addAll(tool.flavour().dumpOptions());
        for (CodeObject object : facts.code()) {
            if (object.kind() == CodeObject.Kind.VIEW) {
                arguments.add("--ignore-table=" + facts.name() + "." + object.name());
            }
        }
        arguments.addAll(List.of("--", facts.name()));
        return arguments;
    }

    /** The tool's text, its first byte first, read along by the counter. */
    private final class Counted extends InputStream {
        private boolean begun;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count;
            if (!begun && firstByte >= 0) {
                target[offset] = (byte) firstByte;
                count = 1;
            } else {
                count = dump.read(target, offset, length);
            }
            begun = true;
            if (count < 0) {
                whole = true;
            } else {
                rows.add(target, offset, count);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            dump.close();
        }
    }
}
