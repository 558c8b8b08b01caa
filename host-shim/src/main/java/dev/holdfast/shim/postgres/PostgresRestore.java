package dev.holdfast.shim.postgres;

import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecResult;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Restores what {@link PostgresSource} backed up, into the same or another server. Each database is made beside the one of its name, filled,
 * counted against the evidence, and swapped in by one transaction of two renames. Until then the old one is untouched; when anything fails, the
 * new one is dropped.
 */
public final class PostgresRestore implements PreparedRestore {
    private static final String GLOBALS = "globals.sql";
    private static final int MAX_GLOBALS_BYTES = 64 << 20;

    private final PostgresServer server;
    private final SnapshotStreams snapshot;
    private final RestoreOptions options;
    private final List<SavedDatabase> chosen;
    private final List<String> warnings = new ArrayList<>();

    private PostgresRestore(
            PostgresServer server, SnapshotStreams snapshot, RestoreOptions options, List<SavedDatabase> chosen) {
        this.server = server;
        this.snapshot = snapshot;
        this.options = options;
        this.chosen = chosen;
    }

    /** Connects and reads the evidence; changes nothing. Throws when the snapshot or the server lacks what is asked for. */
    public static PostgresRestore prepare(
            Engine engine,
            String container,
            PostgresSettings settings,
            SnapshotStreams snapshot,
            RestoreOptions options)
            throws IOException {
        PostgresServer server = PostgresServer.connect(engine, container, settings);
        server.toolVersion("pg_restore");
        List<SavedDatabase> saved = SavedDatabase.all(snapshot.evidence());
        List<SavedDatabase> chosen = saved.stream()
                .filter(database ->
                        options.database().map(database.name()::equals).orElse(true))
                .toList();
        if (options.database().isPresent() && chosen.isEmpty()) {
            throw new RestoreFailedException("the snapshot has no database "
                    + options.database().get() + "; it has "
                    + String.join(", ", saved.stream().map(SavedDatabase::name).toList()));
        }
        Optional<String> table = options.table();
        if (table.isPresent() && !chosen.getFirst().counts().tables().containsKey(table.get())) {
            throw new RestoreFailedException(
                    "the snapshot of database " + chosen.getFirst().name() + " has no table " + table.get());
        }
        return new PostgresRestore(server, snapshot, options, chosen);
    }

    @Override
    public List<String> plan() throws IOException {
        List<String> plan = new ArrayList<>();
        plan.add("into PostgreSQL " + server.version() + " in container "
                + server.container().name());
        Object from = snapshot.evidence().get("serverVersionNumber");
        if (from instanceof Number number && number.intValue() / 10000 > server.versionNumber() / 10000) {
            plan.add("this server is older than the one backed up ("
                    + snapshot.evidence().get("serverVersion") + "): the restore may fail, and then changes nothing");
        }
        if (options.table().isPresent()) {
            plan.addAll(
                    TableRestore.plan(server, chosen.getFirst(), options.table().get()));
            return plan;
        }
        plan.add("create roles that are missing; roles that exist keep their passwords and attributes");
        try (PsqlSession session = server.session(server.database())) {
            for (SavedDatabase database : chosen) {
                String size = database.counts().tables().size() + " tables";
                plan.add(
                        !DatabaseSwap.exists(session, database.name())
                                ? "create database " + database.name() + ": " + size
                                : "replace database " + database.name() + ": " + size
                                        + "; its sessions are ended, what it holds now is "
                                        + (options.replaced() == RestoreOptions.Replaced.KEEP
                                                ? "kept under another name"
                                                : "dropped once the new one is in place"));
            }
        }
        return plan;
    }

    @Override
    public RestoreReport run() throws IOException {
        List<RestoreReport.Database> done = new ArrayList<>();
        restoreGlobals();
        for (SavedDatabase database : chosen) {
            done.add(restore(database));
        }
        return new RestoreReport(done, warnings);
    }

    private void restoreGlobals() throws IOException {
        if (!snapshot.names().contains(GLOBALS)) {
            return;
        }
        String script;
        try (InputStream in = snapshot.open(GLOBALS)) {
            // Read to its end before anything runs: only then is all of it authenticated.
            byte[] bytes = in.readNBytes(MAX_GLOBALS_BYTES);
            if (in.read() >= 0) {
                throw new RestoreFailedException(GLOBALS + " is longer than " + MAX_GLOBALS_BYTES + " bytes");
            }
            script = new String(bytes, StandardCharsets.UTF_8);
        }
        try (PsqlSession session = server.session(server.database())) {
            warnings.addAll(GlobalsRestore.run(session, script));
        }
    }

    private RestoreReport.Database restore(SavedDatabase database) throws IOException {
        String fresh = DatabaseSwap.beside(database.name(), "holdfast");
        try (PsqlSession session = server.session(besides(database.name()))) {
            try {
                session.execute(database.facts().create(fresh));
            } catch (SqlFailedException e) {
                throw new RestoreFailedException(
                        "database " + database.name() + " could not be made anew, nothing was changed: "
                                + e.getMessage(),
                        e);
            }
            try {
                Map<String, RestoreReport.Rows> rows = fill(database, fresh);
                Optional<String> table = options.table();
                if (table.isPresent()) {
                    RestoreReport.Rows copied = TableRestore.copy(
                            server, fresh, database.name(), table.get(), options.replaced(), warnings);
                    DatabaseSwap.drop(session, fresh);
                    return new RestoreReport.Database(database.name(), Map.of(table.get(), copied), "");
                }
                for (String statement : database.facts().dress(fresh)) {
                    session.execute(statement);
                }
                return new RestoreReport.Database(database.name(), rows, putInPlace(session, database.name(), fresh));
            } catch (IOException | RuntimeException e) {
                dropAfter(session, fresh, e);
                throw e;
            }
        }
    }

    private Map<String, RestoreReport.Rows> fill(SavedDatabase database, String fresh) throws IOException {
        ExecResult result;
        try (InputStream dump = snapshot.open(database.stream())) {
            result = server.engine()
                    .run(
                            server.container(),
                            server.command(
                                    "pg_restore",
                                    "--format=custom",
                                    "--exit-on-error",
                                    "--no-password",
                                    "-d",
                                    server.connection(fresh)),
                            dump);
        }
        if (result.exitCode() != 0) {
            throw new RestoreFailedException("pg_restore of database " + database.name() + " ended with exit code "
                    + result.exitCode() + "; what was there before is untouched\n" + result.stderr());
        }
        RowCounts actual;
        try (PsqlSession session = server.session(fresh)) {
            actual = RowCounts.take(session);
        }
        return compare(database, actual);
    }

    private Map<String, RestoreReport.Rows> compare(SavedDatabase database, RowCounts actual) throws IOException {
        RowCounts expected = database.counts();
        Map<String, RestoreReport.Rows> rows = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        expected.tables().forEach((table, count) -> {
            RestoreReport.Rows pair =
                    new RestoreReport.Rows(count, actual.tables().getOrDefault(table, -1L));
            rows.put(table, pair);
            if (!pair.agree()) {
                wrong.add(table + " has " + pair.actual() + " rows instead of " + pair.expected());
            }
        });
        if (expected.largeObjects() != actual.largeObjects()) {
            wrong.add(actual.largeObjects() + " large objects instead of " + expected.largeObjects());
        }
        if (!wrong.isEmpty()) {
            throw new RestoreFailedException(
                    "database " + database.name() + " was restored and does not hold what was backed up; "
                            + "what was there before is untouched: " + String.join(", ", wrong));
        }
        expected.materializedViews().forEach((view, count) -> {
            long now = actual.materializedViews().getOrDefault(view, -1L);
            if (now != count) {
                warnings.add("materialized view " + view + " of database " + database.name()
                        + " was computed anew and has " + now + " rows, it had " + count);
            }
        });
        return rows;
    }

    private String putInPlace(PsqlSession session, String name, String fresh) throws IOException {
        if (!DatabaseSwap.exists(session, name)) {
            DatabaseSwap.rename(session, fresh, name);
            return "";
        }
        String aside = DatabaseSwap.beside(name, "replaced");
        DatabaseSwap.swap(session, name, fresh, aside);
        try {
            if (options.replaced() == RestoreOptions.Replaced.KEEP) {
                session.execute("ALTER DATABASE " + Sql.identifier(aside) + " ALLOW_CONNECTIONS true");
                return aside;
            }
            DatabaseSwap.drop(session, aside);
            return "";
        } catch (SqlFailedException e) {
            warnings.add("database " + name + " is restored; the one it replaced is still there as " + aside + ": "
                    + e.getMessage());
            return aside;
        }
    }

    private static void dropAfter(PsqlSession session, String fresh, Exception failure) {
        try {
            if (DatabaseSwap.exists(session, fresh)) {
                DatabaseSwap.drop(session, fresh);
            }
        } catch (IOException e) {
            failure.addSuppressed(
                    new RestoreFailedException("database " + fresh + " is left over and can be dropped", e));
        }
    }

    /** A database that is not the one to be replaced, to be connected to meanwhile. */
    private String besides(String target) throws IOException {
        try (PsqlSession session = server.session(server.database())) {
            for (String candidate : List.of("postgres", "template1")) {
                if (!candidate.equals(target) && DatabaseSwap.exists(session, candidate)) {
                    return candidate;
                }
            }
        }
        throw new EngineException.ServiceRefused("PostgreSQL in container "
                + server.container().name() + " has neither database postgres nor template1 to connect to while "
                + target + " is replaced");
    }
}
