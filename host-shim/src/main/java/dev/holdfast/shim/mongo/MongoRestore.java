package dev.holdfast.shim.mongo;

import dev.holdfast.shim.docker.Engine;
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
 * Restores what {@link MongoSource} backed up. MongoDB has no way to fill a database beside another and exchange the two: {@code mongorestore --drop}
 * drops each collection just before it loads it. So the whole archive is first read and compared with what was counted in it when it was made; only
 * then is anything dropped. Afterwards the tool's own count of each collection is compared again.
 */
public final class MongoRestore implements PreparedRestore {
    private static final int BUFFER_BYTES = 1 << 20;
    /** The tool's log is known from its end only, see {@link Engine#run}. A log that long may have lost its beginning. */
    private static final int LONG_LOG_BYTES = 60 << 10;

    private final MongoServer server;
    private final SnapshotStreams snapshot;
    private final RestoreOptions options;
    private final SavedArchive saved;
    private final Map<Namespace, Long> chosen;
    private final List<String> warnings = new ArrayList<>();

    private MongoRestore(
            MongoServer server,
            SnapshotStreams snapshot,
            RestoreOptions options,
            SavedArchive saved,
            Map<Namespace, Long> chosen) {
        this.server = server;
        this.snapshot = snapshot;
        this.options = options;
        this.saved = saved;
        this.chosen = chosen;
    }

    /** Logs in and reads the evidence; changes nothing. Throws when the snapshot or the server lacks what is asked for. */
    static MongoRestore prepare(
            Engine engine, String container, MongoSettings settings, SnapshotStreams snapshot, RestoreOptions options)
            throws IOException {
        SavedArchive saved = SavedArchive.of(snapshot.evidence());
        if (options.replaced() == RestoreOptions.Replaced.KEEP) {
            throw new RestoreFailedException(
                    "MongoDB cannot keep what is replaced under another name: back it up first");
        }
        Map<Namespace, Long> chosen = choose(saved, options);
        MongoServer server = MongoServer.connect(engine, container, settings);
        server.requireRestoreTool();
        return new MongoRestore(server, snapshot, options, saved, chosen);
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        plan.add("into MongoDB " + server.version() + " in container "
                + server.container().name());
        if (!saved.serverVersion().equals(server.version())) {
            plan.add("the backup is of MongoDB " + saved.serverVersion()
                    + ": the restore may fail where the two differ");
        }
        plan.add("read the whole archive once and compare it with the counts of the backup; nothing is dropped before");
        plan.add(
                "MongoDB cannot exchange databases: each collection below is dropped, if it is there, just before it is"
                        + " loaded, and a restore that fails then leaves it as far as it came");
        Map<String, List<String>> names = new TreeMap<>();
        chosen.forEach((namespace, documents) -> {
            if (!namespace.isAccounts()) {
                names.computeIfAbsent(namespace.database(), _ -> new ArrayList<>())
                        .add(namespace.collection() + " (" + documents + " documents)");
            }
        });
        names.forEach((database, collections) ->
                plan.add("drop and load in database " + database + ": " + String.join(", ", collections)));
        if (options.database().isEmpty()) {
            saved.views().forEach(view -> plan.add("drop and make view " + view));
            if (chosen.keySet().stream().anyMatch(Namespace::isAccounts)) {
                plan.add("replace all users and roles by those of the backup, passwords too");
            }
            if (saved.oplog()) {
                plan.add(
                        "replay what was written while the backup ran; where the server wants logins, this takes a role"
                                + " with anyAction on anyResource, which root is not");
            }
        } else if (saved.oplog()) {
            plan.add("what was written while the backup ran is not replayed for a part of it");
        }
        plan.add("collections that are not in the backup stay as they are");
        return plan;
    }

    @Override
    public RestoreReport run() throws IOException {
        readThrough();
        ExecResult result;
        try (InputStream archive = snapshot.open(MongoSource.ARCHIVE)) {
            result = server.restore(arguments(options, saved), archive);
        }
        RestoreLog log = RestoreLog.of(result.stderr());
        if (result.exitCode() != 0) {
            throw new RestoreFailedException("mongorestore ended with exit code " + result.exitCode()
                    + "; collections it had begun with are not as they were\n" + result.stderr());
        }
        RestoreLog.Summary summary = log.summary()
                .orElseThrow(() -> new RestoreFailedException(
                        "mongorestore ended without saying what it restored, so nothing proves that it is whole\n"
                                + result.stderr()));
        if (summary.failed() > 0) {
            throw new RestoreFailedException(
                    "the server refused " + summary.failed() + " documents, which are missing now; "
                            + summary.restored() + " were restored\n" + result.stderr());
        }
        return new RestoreReport(compare(log, summary, result.stderr()), warnings);
    }

    /** What mongorestore is told, credentials and address left out. */
    static List<String> arguments(RestoreOptions options, SavedArchive saved) {
        List<String> arguments = new ArrayList<>(List.of("--drop", "--bypassDocumentValidation"));
        if (options.database().isEmpty()) {
            if (saved.oplog()) {
                arguments.add("--oplogReplay");
            }
            return arguments;
        }
        String database = options.database().get();
        arguments.add("--nsInclude="
                + options.table()
                        .map(collection -> new Namespace(database, collection).pattern())
                        .orElseGet(() -> Namespace.patternOf(database)));
        return arguments;
    }

    private static Map<Namespace, Long> choose(SavedArchive saved, RestoreOptions options)
            throws RestoreFailedException {
        Optional<String> database = options.database();
        if (database.isPresent() && !saved.databases().contains(database.get())) {
            throw new RestoreFailedException("the snapshot has no database " + database.get() + "; it has "
                    + String.join(", ", saved.databases()));
        }
        Map<Namespace, Long> chosen = new TreeMap<>(saved.documents());
        chosen.keySet()
                .removeIf(namespace -> (database.isPresent() && !database.get().equals(namespace.database()))
                        || (options.table().isPresent()
                                && !options.table().get().equals(namespace.collection())));
        if (options.table().isPresent() && chosen.isEmpty()) {
            throw new RestoreFailedException("the snapshot of database " + database.orElse("") + " has no collection "
                    + options.table().get());
        }
        return chosen;
    }

    /** Every byte is authenticated on the way; here the archive's own structure is proved too. */
    private void readThrough() throws IOException {
        ArchiveScan scan = new ArchiveScan();
        try (InputStream archive = snapshot.open(MongoSource.ARCHIVE)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = archive.read(buffer); n >= 0; n = archive.read(buffer)) {
                scan.add(buffer, 0, n);
            }
            scan.finish();
        } catch (ArchiveFormatException e) {
            throw new RestoreFailedException("the archive is damaged, nothing was changed: " + e.getMessage(), e);
        }
        Map<Namespace, Long> found = new TreeMap<>(scan.documents());
        found.keySet().removeIf(Namespace::isOplog);
        if (!found.equals(saved.documents())) {
            throw new RestoreFailedException(
                    "the archive does not hold what was counted when it was made; nothing was changed");
        }
    }

    private List<RestoreReport.Database> compare(RestoreLog log, RestoreLog.Summary summary, String stderr) {
        boolean maybeCut = stderr.getBytes(StandardCharsets.UTF_8).length > LONG_LOG_BYTES;
        long expected = 0;
        Map<String, Map<String, RestoreReport.Rows>> rows = new TreeMap<>();
        List<String> unsaid = new ArrayList<>();
        for (Map.Entry<Namespace, Long> entry : chosen.entrySet()) {
            Namespace namespace = entry.getKey();
            if (namespace.isAccounts()) {
                continue;
            }
            expected += entry.getValue();
            Optional<Long> said = said(log, namespace);
            if (said.isEmpty() && maybeCut) {
                unsaid.add(namespace.toString());
                continue;
            }
            rows.computeIfAbsent(namespace.database(), _ -> new TreeMap<>())
                    .put(namespace.collection(), new RestoreReport.Rows(entry.getValue(), said.orElse(-1L)));
        }
        if (!unsaid.isEmpty()) {
            // With nothing refused and as many documents in all as expected, each collection has its own.
            warnings.add(unsaid.size() + " collections are proved by the sum of documents alone (" + summary.restored()
                    + " restored, " + expected + " expected), because mongorestore said too much");
            if (summary.restored() < expected) {
                rows.computeIfAbsent("", _ -> new TreeMap<>())
                        .put("all collections", new RestoreReport.Rows(expected, summary.restored()));
            }
        }
        List<RestoreReport.Database> databases = new ArrayList<>();
        rows.forEach((name, tables) -> databases.add(new RestoreReport.Database(name, tables, "")));
        return databases;
    }

    /** A time series is backed up by its buckets, and the tool may call it by either name. */
    private static Optional<Long> said(RestoreLog log, Namespace namespace) {
        Optional<Long> said = Optional.ofNullable(log.documents().get(namespace.toString()));
        String buckets = "system.buckets.";
        if (said.isEmpty() && namespace.collection().startsWith(buckets)) {
            return Optional.ofNullable(log.documents()
                    .get(namespace.database() + "." + namespace.collection().substring(buckets.length())));
        }
        return said;
    }
}
