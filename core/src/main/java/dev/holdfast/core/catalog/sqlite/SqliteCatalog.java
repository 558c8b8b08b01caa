package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogConflictException;
import dev.holdfast.core.catalog.CatalogException;
import dev.holdfast.core.catalog.CatalogUnavailableException;
import dev.holdfast.core.catalog.CatalogUnreadableException;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.catalog.LeaseHeldException;
import dev.holdfast.core.catalog.LeaseLostException;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.catalog.Progress;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The catalog in one SQLite file (write-ahead log, synchronous=FULL). Several processes may open the same file; it must be on a
 * local file system. Each change is one transaction that takes the write lock first, and waits for it up to 30 seconds.
 */
public final class SqliteCatalog implements Catalog {
    private final Path file;
    private final Connection connection;
    private final Clock clock;
    private final Liveness liveness;

    private SqliteCatalog(Path file, Connection connection, Clock clock, Liveness liveness) {
        this.file = file;
        this.connection = connection;
        this.clock = clock;
        this.liveness = liveness;
    }

    /**
     * Opens the catalog, and creates it (mode 0600, missing folders 0700) when there is none.
     *
     * @throws CatalogUnreadableException when the file is not a catalog, is damaged, or was written by a newer version; it is not changed
     */
    public static SqliteCatalog open(Path file, Clock clock, Liveness liveness) throws IOException {
        try {
            return new SqliteCatalog(file, CatalogFile.open(file), clock, liveness);
        } catch (SQLException e) {
            throw translated(file, e);
        }
    }

    @Override
    public Backup create(RunId run, RepositoryId repository, SourceName source) throws IOException {
        return change(() -> {
            int inserted = update(
                    "INSERT INTO backup (run, repository, source, status, created, bytes_read, bytes_stored)"
                            + " VALUES (?, ?, ?, 'PENDING', ?, 0, 0) ON CONFLICT DO NOTHING",
                    run.hex(),
                    repository.hex(),
                    source.text(),
                    now().toEpochMilli());
            if (inserted == 0) {
                throw new CatalogConflictException("backup " + run + " is in the catalog already");
            }
            return existing(run);
        });
    }

    @Override
    public Backup start(RunId run) throws IOException {
        return transition(
                run,
                "started",
                "UPDATE backup SET status = 'RUNNING', started = ? WHERE run = ? AND status = 'PENDING'",
                now().toEpochMilli(),
                run.hex());
    }

    @Override
    public Backup progress(RunId run, Progress progress) throws IOException {
        return transition(
                run,
                "given progress",
                "UPDATE backup SET bytes_read = ?, bytes_stored = ? WHERE run = ? AND status = 'RUNNING'",
                progress.bytesRead(),
                progress.bytesStored(),
                run.hex());
    }

    @Override
    public Backup complete(RunId run, SnapshotId snapshot) throws IOException {
        return transition(
                run,
                "completed",
                "UPDATE backup SET status = 'COMPLETED', finished = ?, snapshot = ? WHERE run = ? AND status = 'RUNNING'",
                now().toEpochMilli(),
                snapshot.hex(),
                run.hex());
    }

    @Override
    public Backup fail(RunId run, String error) throws IOException {
        return transition(
                run,
                "failed",
                "UPDATE backup SET status = 'FAILED', finished = ?, error = ? WHERE run = ? AND status IN ('PENDING', 'RUNNING')",
                now().toEpochMilli(),
                error.substring(0, Math.min(error.length(), MAXIMUM_ERROR_LENGTH)),
                run.hex());
    }

    @Override
    public Optional<Backup> find(RunId run) throws IOException {
        return read(() -> select("WHERE run = ?", run.hex()).stream().findFirst());
    }

    @Override
    public List<Backup> list(Optional<SourceName> source, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1");
        }
        String order = " ORDER BY created DESC, number DESC LIMIT ?";
        return read(() -> source.isPresent()
                ? select("WHERE source = ?" + order, source.get().text(), limit)
                : select(order, limit));
    }

    @Override
    public List<Backup> unfinished() throws IOException {
        return read(() -> select("WHERE status IN ('PENDING', 'RUNNING') ORDER BY created, number"));
    }

    @Override
    public Lease acquire(String resource, String owner, Duration timeToLive) throws IOException {
        requirePositive(timeToLive);
        return change(() -> {
            Optional<Held> last = held(resource);
            if (last.isPresent() && last.get().owner().isPresent()) {
                String holder = last.get().owner().get();
                if (now().isBefore(last.get().expires()) && !liveness.isGone(holder)) {
                    throw new LeaseHeldException(new Lease(
                            resource, holder, last.get().token(), last.get().expires()));
                }
            }
            Lease lease = new Lease(resource, owner, last.map(Held::token).orElse(0L) + 1, now().plus(timeToLive));
            update(
                    "INSERT INTO lease (resource, owner, token, expires) VALUES (?, ?, ?, ?) ON CONFLICT (resource)"
                            + " DO UPDATE SET owner = excluded.owner, token = excluded.token, expires = excluded.expires",
                    lease.resource(),
                    lease.owner(),
                    lease.fencingToken(),
                    lease.expires().toEpochMilli());
            return lease;
        });
    }

    @Override
    public Lease renew(Lease lease, Duration timeToLive) throws IOException {
        requirePositive(timeToLive);
        return change(() -> {
            requireOurs(lease);
            Lease renewed = new Lease(lease.resource(), lease.owner(), lease.fencingToken(), now().plus(timeToLive));
            update(
                    "UPDATE lease SET expires = ? WHERE resource = ? AND token = ?",
                    renewed.expires().toEpochMilli(),
                    lease.resource(),
                    lease.fencingToken());
            return renewed;
        });
    }

    @Override
    public void release(Lease lease) throws IOException {
        change(() -> update(
                "UPDATE lease SET owner = NULL WHERE resource = ? AND token = ? AND owner = ?",
                lease.resource(),
                lease.fencingToken(),
                lease.owner()));
    }

    @Override
    public void verify(Lease lease) throws IOException {
        Instant expires = read(() -> requireOurs(lease));
        if (!now().isBefore(expires)) {
            throw new LeaseLostException(lease, "it expired at " + expires);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw translated(file, e);
        }
    }

    private Backup transition(RunId run, String verb, String sql, Object... parameters) throws IOException {
        return change(() -> {
            if (update(sql, parameters) == 0) {
                String status = select("WHERE run = ?", run.hex()).stream()
                        .findFirst()
                        .map(backup -> "is " + backup.status())
                        .orElse("is not in the catalog");
                throw new CatalogConflictException("backup " + run + " cannot be " + verb + ": it " + status);
            }
            return existing(run);
        });
    }

    private Backup existing(RunId run) throws SQLException {
        return select("WHERE run = ?", run.hex()).getFirst();
    }

    /** The latest lease of a resource; the owner is empty once it was released. */
    private record Held(Optional<String> owner, long token, Instant expires) {}

    private Optional<Held> held(String resource) throws SQLException {
        try (PreparedStatement statement =
                        prepared("SELECT owner, token, expires FROM lease WHERE resource = ?", resource);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Held(
                            Optional.ofNullable(row.getString(1)),
                            row.getLong(2),
                            Instant.ofEpochMilli(row.getLong(3))))
                    : Optional.empty();
        }
    }

    private Instant requireOurs(Lease lease) throws SQLException, LeaseLostException {
        Held held = held(lease.resource()).orElseThrow(() -> new LeaseLostException(lease, "the catalog has none"));
        if (held.token() != lease.fencingToken()) {
            throw new LeaseLostException(lease, "it was taken over with token " + held.token());
        }
        if (!held.owner().equals(Optional.of(lease.owner()))) {
            throw new LeaseLostException(lease, "it was released");
        }
        return held.expires();
    }

    private List<Backup> select(String condition, Object... parameters) throws SQLException {
        String columns = "SELECT run, repository, source, status, created, started, finished, bytes_read, bytes_stored,"
                + " snapshot, error FROM backup ";
        List<Backup> backups = new ArrayList<>();
        try (PreparedStatement statement = prepared(columns + condition, parameters);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                backups.add(new Backup(
                        new RunId(row.getString("run")),
                        new RepositoryId(row.getString("repository")),
                        new SourceName(row.getString("source")),
                        BackupStatus.valueOf(row.getString("status")),
                        Instant.ofEpochMilli(row.getLong("created")),
                        instant(row, "started"),
                        instant(row, "finished"),
                        new Progress(row.getLong("bytes_read"), row.getLong("bytes_stored")),
                        Optional.ofNullable(row.getString("snapshot")).map(SnapshotId::new),
                        Optional.ofNullable(row.getString("error"))));
            }
        }
        return backups;
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long milliseconds = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepared(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void requirePositive(Duration timeToLive) {
        if (!timeToLive.isPositive()) {
            throw new IllegalArgumentException("a lease must live longer than zero");
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException, IOException;
    }

    private synchronized <T> T read(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (SQLException e) {
            throw translated(file, e);
        }
    }

    /** One transaction that holds the write lock from its first statement on, so that what it read is still so when it writes. */
    private synchronized <T> T change(Work<T> work) throws IOException {
        return read(() -> {
            update("BEGIN IMMEDIATE");
            try {
                T result = work.run();
                update("COMMIT");
                return result;
            } catch (SQLException | IOException | RuntimeException e) {
                rollBack(e);
                throw e;
            }
        });
    }

    /** SQLite has rolled back by itself after some errors, and then refuses: the first error is the one to tell. */
    private void rollBack(Exception reason) {
        try {
            update("ROLLBACK");
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    static CatalogException translated(Path file, SQLException e) {
        int code = e instanceof SQLiteException sqlite
                ? sqlite.getResultCode().code & 0xff
                : SQLiteErrorCode.SQLITE_ERROR.code;
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new CatalogUnreadableException(file + " is not a catalog: it is no SQLite file", e);
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return new CatalogUnreadableException(
                    "the catalog " + file
                            + " is damaged; move it away, and the next run begins a new one: the backups are not in it",
                    e);
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
            return new CatalogUnavailableException("the catalog " + file + " is locked by another process", e);
        }
        return new CatalogUnavailableException("the catalog " + file + " cannot be used: " + e.getMessage(), e);
    }
}
