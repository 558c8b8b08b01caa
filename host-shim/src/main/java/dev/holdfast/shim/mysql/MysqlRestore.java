package dev.holdfast.shim.mysql;

import dev.holdfast.shim.docker.Engine;
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

/**
 * Restores what {@link MysqlSource} backed up, into the same or another server. A database that is not there is made, filled and counted, and
 * dropped when anything fails. One that is there stays as it is until its successor is filled and counted beside it; see {@link SchemaSwap}.
 */
public final class MysqlRestore implements PreparedRestore {
    private static final int MAX_USERS_BYTES = 64 << 20;

    private final MysqlServer server;
    private final SnapshotStreams snapshot;
    private final RestoreOptions options;
    private final List<SavedDatabase> chosen;
    private final List<String> warnings = new ArrayList<>();

    private MysqlRestore(
            MysqlServer server, SnapshotStreams snapshot, RestoreOptions options, List<SavedDatabase> chosen) {
        this.server = server;
        this.snapshot = snapshot;
        this.options = options;
        this.chosen = chosen;
    }

    /** Connects and reads the evidence; changes nothing. Throws when the snapshot or the server lacks what is asked for. */
    static MysqlRestore prepare(
            Engine engine,
            String container,
            Flavour expected,
            MysqlSettings settings,
            SnapshotStreams snapshot,
            RestoreOptions options)
            throws IOException {
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
        if (table.isPresent() && !chosen.getFirst().tables().containsKey(table.get())) {
            throw new RestoreFailedException(
                    "the snapshot of database " + chosen.getFirst().name() + " has no table " + table.get());
        }
        MysqlServer server = MysqlServer.connect(engine, container, expected, settings);
        MysqlRestore restore = new MysqlRestore(server, snapshot, options, chosen);
        if (table.isEmpty()) {
            restore.refuseKeysFromOutside();
        }
        return restore;
    }

    @Override
    public List<String> plan() throws IOException {
        List<String> plan = new ArrayList<>();
        plan.add("into " + server.flavour().title() + " " + server.version() + " in container "
                + server.container().name());
        if (!server.flavour().label().equals(snapshot.evidence().get("engine"))) {
            plan.add("the backup is of " + snapshot.evidence().get("engine") + " "
                    + snapshot.evidence().get("serverVersion")
                    + ": the restore may fail where the two differ, and then changes nothing but accounts");
        }
        if (options.table().isPresent()) {
            plan.addAll(
                    TableRestore.plan(server, chosen.getFirst(), options.table().get()));
            return plan;
        }
        if (snapshot.names().contains(MysqlSource.USERS)) {
            plan.add(
                    "create users and roles that are missing; those that exist keep their passwords and attributes; all"
                            + " are granted what they had");
        }
        try (MysqlSession session = server.session()) {
            for (SavedDatabase database : chosen) {
                String size = database.tables().size() + " tables";
                plan.add(
                        !DatabaseFacts.exists(session, database.name())
                                ? "create database " + database.name() + ": " + size
                                : "replace database " + database.name() + ": " + size + "; "
                                        + (options.replaced() == RestoreOptions.Replaced.KEEP
                                                ? "the tables it has now are moved into another database and kept, the text of"
                                                        + " its views, routines, triggers and events in a table there"
                                                : "what it holds now is dropped once the new tables are in place"));
            }
        }
        return plan;
    }

    @Override
    public RestoreReport run() throws IOException {
        Optional<String> accounts = options.table().isPresent() ? Optional.empty() : accounts();
        if (accounts.isPresent()) {
            warnings.addAll(Accounts.create(server, accounts.get()));
        }
        List<RestoreReport.Database> done;
        try (PacketRoom _ = PacketRoom.make(server)) {
            done = restoreAll();
        }
        if (accounts.isPresent()) {
            // Last, because a grant may be on a table or routine.
            warnings.addAll(Accounts.grant(server, accounts.get(), options.database()));
        }
        return new RestoreReport(done, warnings);
    }

    private Optional<String> accounts() throws IOException {
        if (!snapshot.names().contains(MysqlSource.USERS)) {
            return Optional.empty();
        }
        try (InputStream in = snapshot.open(MysqlSource.USERS)) {
            // Read to its end before anything runs: only then is all of it authenticated.
            byte[] bytes = in.readNBytes(MAX_USERS_BYTES);
            if (in.read() >= 0) {
                throw new RestoreFailedException(MysqlSource.USERS + " is longer than " + MAX_USERS_BYTES + " bytes");
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /**
     * A view may need tables of a database that is still to come: one that cannot be put in place waits, filled, until the others are. When
     * none of those that wait can be put in place any more, they are dropped, and what they were to replace is as it was.
     */
    private List<RestoreReport.Database> restoreAll() throws IOException {
        List<RestoreReport.Database> done = new ArrayList<>();
        List<Filled> waiting = new ArrayList<>();
        try {
            for (SavedDatabase database : chosen) {
                waiting.add(fill(database));
                place(waiting, done);
            }
            int before;
            do {
                before = waiting.size();
                place(waiting, done);
            } while (!waiting.isEmpty() && waiting.size() < before);
            if (!waiting.isEmpty()) {
                place(waiting.getFirst());
                throw new RestoreFailedException(
                        "database " + waiting.getFirst().database().name()
                                + " could be put in place only once it was given up; restore it again");
            }
        } catch (IOException | RuntimeException e) {
            waiting.forEach(filled -> dropAfter(filled.target(), e));
            throw e;
        }
        return chosen.stream()
                .flatMap(database -> done.stream().filter(one -> one.name().equals(database.name())))
                .toList();
    }

    /** Puts in place what can be, and leaves the rest in the list. */
    private void place(List<Filled> waiting, List<RestoreReport.Database> done) throws IOException {
        for (Filled filled : List.copyOf(waiting)) {
            try {
                done.add(place(filled));
                waiting.remove(filled);
            } catch (RestoreFailedException e) {
                if (chosen.size() == 1) {
                    throw e;
                }
            }
        }
    }

    private Filled fill(SavedDatabase database) throws IOException {
        boolean exists;
        try (MysqlSession session = server.session()) {
            exists = DatabaseFacts.exists(session, database.name());
        }
        if (options.table().isPresent() && !exists) {
            throw new RestoreFailedException(
                    "there is no database " + database.name() + " to restore a table into: restore the whole database");
        }
        String target = exists ? Beside.of(database.name(), "holdfast") : database.name();
        try (MysqlSession session = server.session()) {
            session.execute(DatabaseFacts.create(target, database.charset(), database.collation()));
        } catch (SqlFailedException e) {
            throw new RestoreFailedException(
                    "database " + database.name() + " could not be made anew, nothing was changed: " + e.getMessage(),
                    e);
        }
        try {
            DatabaseLoad load = new DatabaseLoad(server, snapshot);
            List<CodeObject> code = load.fill(database, target);
            return new Filled(database, target, code, load.compare(database, target));
        } catch (IOException | RuntimeException e) {
            dropAfter(target, e);
            throw e;
        }
    }

    private RestoreReport.Database place(Filled filled) throws IOException {
        SavedDatabase database = filled.database();
        if (options.table().isPresent()) {
            String table = options.table().get();
            TableRestore restore = new TableRestore(server, database.name(), filled.target(), table, warnings);
            RestoreReport.Rows rows = restore.run(filled.code(), options.replaced());
            drop(filled.target());
            return new RestoreReport.Database(database.name(), Map.of(table, rows), "");
        }
        if (filled.isBeside()) {
            SchemaSwap swap = new SchemaSwap(server, database.name(), filled.target());
            String kept = swap.run(database, filled.code(), options.replaced(), warnings);
            drop(filled.target());
            return new RestoreReport.Database(database.name(), filled.rows(), kept);
        }
        try (MysqlSession session = server.session(database.name())) {
            // What a first try may have left.
            StoredCode.drop(session, StoredCode.take(session));
            StoredCode.make(session, filled.code());
        }
        StoredCode.verify(server, database.name(), database);
        return new RestoreReport.Database(database.name(), filled.rows(), "");
    }

    /** A database of the snapshot, filled and counted, under its own name or beside the one that has it. */
    private record Filled(
            SavedDatabase database, String target, List<CodeObject> code, Map<String, RestoreReport.Rows> rows) {
        boolean isBeside() {
            return !target.equals(database.name());
        }
    }

    private void refuseKeysFromOutside() throws IOException {
        try (MysqlSession session = server.session()) {
            for (SavedDatabase database : chosen) {
                List<String> outside = SchemaSwap.pointingFromOutside(session, database.name());
                if (!outside.isEmpty()) {
                    throw new RestoreFailedException("database " + database.name()
                            + " cannot be replaced while tables of other databases have foreign keys into it: drop those"
                            + " of " + String.join(", ", outside) + " first; nothing was changed");
                }
            }
        }
    }

    private void drop(String target) throws IOException {
        try (MysqlSession session = server.session()) {
            session.execute("SET SESSION foreign_key_checks = 0");
            session.execute("DROP DATABASE IF EXISTS " + Sql.identifier(target));
        }
    }

    private void dropAfter(String target, Exception failure) {
        try {
            drop(target);
        } catch (IOException e) {
            failure.addSuppressed(
                    new RestoreFailedException("database " + target + " is left over and can be dropped", e));
        }
    }
}
