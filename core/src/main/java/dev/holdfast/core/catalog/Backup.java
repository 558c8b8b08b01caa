package dev.holdfast.core.catalog;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.time.Instant;
import java.util.Optional;

/**
 * One run of one source. Times are whole milliseconds.
 *
 * @param started when a host began; present from RUNNING on, and absent for a backup that failed before
 * @param finished present in a final status
 * @param snapshot present exactly when COMPLETED
 * @param error why it failed, for people; present exactly when FAILED; holds no secret
 * @param plan empty when a person asked for it
 */
public record Backup(
        RunId run,
        RepositoryId repository,
        SourceName source,
        BackupStatus status,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> finished,
        Progress progress,
        Optional<SnapshotId> snapshot,
        Optional<String> error,
        Optional<Plan> plan) {
    public Backup {
        boolean begun = status == BackupStatus.RUNNING || status == BackupStatus.COMPLETED;
        if ((begun && started.isEmpty())
                || (status == BackupStatus.PENDING && started.isPresent())
                || finished.isPresent() != status.isFinal()
                || snapshot.isPresent() != (status == BackupStatus.COMPLETED)
                || error.isPresent() != (status == BackupStatus.FAILED)) {
            throw new IllegalArgumentException("the fields of backup " + run + " contradict its status " + status);
        }
    }
}
