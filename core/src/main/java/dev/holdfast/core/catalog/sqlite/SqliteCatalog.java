package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogUnreadableException;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.catalog.PlannedRun;
import dev.holdfast.core.catalog.Progress;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The catalog in one SQLite file (write-ahead log, synchronous=FULL). Several processes may open the same file; it must be on a
 * local file system. Each change is one transaction that takes the write lock first, and waits for it up to 30 seconds.
 */
public final class SqliteCatalog implements Catalog {
    private final Database database;
    private final Clock clock;
    private final BackupTable backups;
    private final PlanTable plans;
    private final LeaseTable leases;
    private final NoteTable notes;

    private SqliteCatalog(Database database, Clock clock, Liveness liveness) {
        this.database = database;
        this.clock = clock;
        this.backups = new BackupTable(database);
        this.plans = new PlanTable(database, backups, this::now);
        this.leases = new LeaseTable(database, this::now, liveness);
        this.notes = new NoteTable(database);
    }

    /**
     * Opens the catalog, and creates it (mode 0600, missing folders 0700) when there is none. One of an older version is brought up to date.
     *
     * @throws CatalogUnreadableException when the file is not a catalog, is damaged, or was written by a newer version; it is not changed
     */
    public static SqliteCatalog open(Path file, Clock clock, Liveness liveness) throws IOException {
        try {
            return new SqliteCatalog(new Database(file, CatalogFile.open(file)), clock, liveness);
        } catch (SQLException e) {
            throw Database.translated(file, e);
        }
    }

    @Override
    public Backup create(RunId run, RepositoryId repository, SourceName source) throws IOException {
        return database.change(() -> backups.insert(run, repository, source, now(), Optional.empty()));
    }

    @Override
    public Backup start(RunId run) throws IOException {
        return backups.transition(
                run,
                "started",
                "UPDATE backup SET status = 'RUNNING', started = ? WHERE run = ? AND status = 'PENDING'",
                now().toEpochMilli(),
                run.hex());
    }

    @Override
    public Backup progress(RunId run, Progress progress) throws IOException {
        return backups.transition(
                run,
                "given progress",
                "UPDATE backup SET bytes_read = ?, bytes_stored = ? WHERE run = ? AND status = 'RUNNING'",
                progress.bytesRead(),
                progress.bytesStored(),
                run.hex());
    }

    @Override
    public Backup complete(RunId run, SnapshotId snapshot) throws IOException {
        return backups.transition(
                run,
                "completed",
                "UPDATE backup SET status = 'COMPLETED', finished = ?, snapshot = ? WHERE run = ? AND status = 'RUNNING'",
                now().toEpochMilli(),
                snapshot.hex(),
                run.hex());
    }

    @Override
    public Backup fail(RunId run, String error) throws IOException {
        return backups.transition(
                run,
                "failed",
                "UPDATE backup SET status = 'FAILED', finished = ?, error = ? WHERE run = ? AND status IN ('PENDING', 'RUNNING')",
                now().toEpochMilli(),
                error.substring(0, Math.min(error.length(), MAXIMUM_ERROR_LENGTH)),
                run.hex());
    }

    @Override
    public Optional<Backup> find(RunId run) throws IOException {
        return database.read(() -> backups.find(run));
    }

    @Override
    public List<Backup> list(Optional<SourceName> source, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1");
        }
        String order = " ORDER BY created DESC, number DESC LIMIT ?";
        return database.read(() -> source.isPresent()
                ? backups.select("WHERE source = ?" + order, source.get().text(), limit)
                : backups.select(order, limit));
    }

    @Override
    public List<Backup> unfinished() throws IOException {
        return database.read(() -> backups.select("WHERE status IN ('PENDING', 'RUNNING') ORDER BY created, number"));
    }

    @Override
    public Optional<Instant> lastDue(String schedule) throws IOException {
        return plans.lastDue(schedule);
    }

    @Override
    public List<Backup> plan(String schedule, Optional<Instant> last, Instant due, List<PlannedRun> runs)
            throws IOException {
        return plans.plan(schedule, last, due, runs);
    }

    @Override
    public Backup retry(RunId failed, RunId run, Instant notBefore) throws IOException {
        return plans.retry(failed, run, notBefore);
    }

    @Override
    public Optional<String> note(String key) throws IOException {
        return notes.get(key);
    }

    @Override
    public void note(String key, String text) throws IOException {
        notes.put(key, text);
    }

    @Override
    public Lease acquire(String resource, String owner, Duration timeToLive) throws IOException {
        return leases.acquire(resource, owner, timeToLive);
    }

    @Override
    public Lease renew(Lease lease, Duration timeToLive) throws IOException {
        return leases.renew(lease, timeToLive);
    }

    @Override
    public void release(Lease lease) throws IOException {
        leases.release(lease);
    }

    @Override
    public void verify(Lease lease) throws IOException {
        leases.verify(lease);
    }

    @Override
    public void close() throws IOException {
        database.close();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
