package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.CatalogConflictException;
import dev.holdfast.core.catalog.Plan;
import dev.holdfast.core.catalog.Progress;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One row for each run. */
final class BackupTable {
    private static final String COLUMNS = "SELECT run, repository, source, status, created, started, finished,"
            + " bytes_read, bytes_stored, snapshot, error, schedule, due, attempt, not_before FROM backup ";

    private final Database database;

    BackupTable(Database database) {
        this.database = database;
    }

    /** Inserts a PENDING backup; within a change. */
    Backup insert(RunId run, RepositoryId repository, SourceName source, Instant created, Optional<Plan> plan)
            throws SQLException, CatalogConflictException {
        int inserted = database.update(
                "INSERT INTO backup (run, repository, source, status, created, bytes_read, bytes_stored,"
                        + " schedule, due, attempt, not_before)"
                        + " VALUES (?, ?, ?, 'PENDING', ?, 0, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                run.hex(),
                repository.hex(),
                source.text(),
                created.toEpochMilli(),
                plan.map(Plan::schedule).orElse(null),
                plan.map(one -> one.due().toEpochMilli()).orElse(null),
                plan.map(Plan::attempt).orElse(null),
                plan.map(one -> one.notBefore().toEpochMilli()).orElse(null));
        if (inserted == 0) {
            throw new CatalogConflictException("backup " + run + " of " + source + " is in the catalog already");
        }
        return existing(run);
    }

    /** One step in the life of a backup, as its own change. */
    Backup transition(RunId run, String verb, String sql, Object... parameters) throws IOException {
        return database.change(() -> {
            if (database.update(sql, parameters) == 0) {
                String status = find(run).map(backup -> "is " + backup.status()).orElse("is not in the catalog");
                throw new CatalogConflictException("backup " + run + " cannot be " + verb + ": it " + status);
            }
            return existing(run);
        });
    }

    Optional<Backup> find(RunId run) throws SQLException {
        return select("WHERE run = ?", run.hex()).stream().findFirst();
    }

    private Backup existing(RunId run) throws SQLException {
        return select("WHERE run = ?", run.hex()).getFirst();
    }

    List<Backup> select(String condition, Object... parameters) throws SQLException {
        List<Backup> backups = new ArrayList<>();
        try (PreparedStatement statement = database.prepared(COLUMNS + condition, parameters);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                backups.add(backup(row));
            }
        }
        return backups;
    }

    private static Backup backup(ResultSet row) throws SQLException {
        return new Backup(
                new RunId(row.getString("run")),
                new RepositoryId(row.getString("repository")),
                new SourceName(row.getString("source")),
                BackupStatus.valueOf(row.getString("status")),
                Instant.ofEpochMilli(row.getLong("created")),
                Database.instant(row, "started"),
                Database.instant(row, "finished"),
                new Progress(row.getLong("bytes_read"), row.getLong("bytes_stored")),
                Optional.ofNullable(row.getString("snapshot")).map(SnapshotId::new),
                Optional.ofNullable(row.getString("error")),
                plan(row));
    }

    private static Optional<Plan> plan(ResultSet row) throws SQLException {
        String schedule = row.getString("schedule");
        return schedule == null
                ? Optional.empty()
                : Optional.of(new Plan(
                        schedule,
                        Instant.ofEpochMilli(row.getLong("due")),
                        row.getInt("attempt"),
                        Instant.ofEpochMilli(row.getLong("not_before"))));
    }
}
