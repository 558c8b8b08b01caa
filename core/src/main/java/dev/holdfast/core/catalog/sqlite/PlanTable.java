package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.CatalogConflictException;
import dev.holdfast.core.catalog.Plan;
import dev.holdfast.core.catalog.PlannedRun;
import dev.holdfast.core.model.RunId;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How far each schedule is planned. */
final class PlanTable {
    private final Database database;
    private final BackupTable backups;
    private final Supplier<Instant> now;

    PlanTable(Database database, BackupTable backups, Supplier<Instant> now) {
        this.database = database;
        this.backups = backups;
        this.now = now;
    }

    Optional<Instant> lastDue(String schedule) throws IOException {
        return database.read(() -> last(schedule));
    }

    List<Backup> plan(String schedule, Optional<Instant> last, Instant due, List<PlannedRun> runs) throws IOException {
        return database.change(() -> {
            if (!last(schedule).equals(last)) {
                throw new CatalogConflictException(
                        "schedule " + schedule + " was planned by another process at the same time");
            }
            database.update(
                    "INSERT INTO schedule (name, last_due) VALUES (?, ?)"
                            + " ON CONFLICT (name) DO UPDATE SET last_due = excluded.last_due",
                    schedule,
                    due.toEpochMilli());
            List<Backup> planned = new ArrayList<>();
            for (PlannedRun run : runs) {
                planned.add(backups.insert(
                        run.run(),
                        run.repository(),
                        run.source(),
                        now.get(),
                        Optional.of(new Plan(schedule, due, 1, run.notBefore()))));
            }
            return planned;
        });
    }

    Backup retry(RunId failed, RunId run, Instant notBefore) throws IOException {
        return database.change(() -> {
            Backup last = backups.find(failed)
                    .filter(backup -> backup.status() == BackupStatus.FAILED)
                    .orElseThrow(() -> new CatalogConflictException("backup " + failed + " has not failed"));
            Plan plan = last.plan()
                    .orElseThrow(() -> new CatalogConflictException("backup " + failed + " was not planned"));
            return backups.insert(
                    run,
                    last.repository(),
                    last.source(),
                    now.get(),
                    Optional.of(new Plan(plan.schedule(), plan.due(), plan.attempt() + 1, notBefore)));
        });
    }

    private Optional<Instant> last(String schedule) throws SQLException {
        try (PreparedStatement statement = database.prepared("SELECT last_due FROM schedule WHERE name = ?", schedule);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Database.instant(row, "last_due") : Optional.empty();
        }
    }
}
