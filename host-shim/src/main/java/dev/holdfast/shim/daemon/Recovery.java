package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.catalog.LeaseHeldException;
import dev.holdfast.core.pipeline.AbandonedRuns;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** Settles runs whose process is gone: whoever gets the lease of their source knows it. One that a process still works on is left alone. */
final class Recovery {
    private final Catalog catalog;
    private final String owner;
    private final RepositoryOpening repositories;
    private final DaemonLog log;

    Recovery(Catalog catalog, String owner, RepositoryOpening repositories, DaemonLog log) {
        this.catalog = catalog;
        this.owner = owner;
        this.repositories = repositories;
        this.log = log;
    }

    /** Opens the repository that a run belongs to; empty when the configuration has it no more. */
    @FunctionalInterface
    interface RepositoryOpening {
        Optional<OpenRepository> of(Backup backup) throws IOException;
    }

    /** Settles every run that is RUNNING. One whose repository cannot be reached now is left for the next time. */
    void settle(Predicate<Backup> alive) throws IOException {
        for (Backup backup : catalog.unfinished()) {
            if (backup.status() == BackupStatus.RUNNING && !alive.test(backup)) {
                try {
                    settle(backup);
                } catch (IOException e) {
                    log.error("whether the last run of " + backup.source() + " was committed cannot be told now", e);
                }
            }
        }
    }

    private void settle(Backup backup) throws IOException {
        Lease lease;
        try {
            lease = catalog.acquire(
                    RecordedBackup.resource(backup.repository(), backup.source()), owner, RecordedBackup.timeToLive());
        } catch (LeaseHeldException alive) {
            return;
        }
        try {
            boolean ended = catalog.find(backup.run())
                    .filter(now -> now.status() == BackupStatus.RUNNING)
                    .isEmpty();
            if (ended) { // by itself, while the lease was asked for
                return;
            }
            Optional<OpenRepository> found = repositories.of(backup);
            if (found.isEmpty()) {
                catalog.fail(backup.run(), "its process is gone, and the configuration has its repository no more");
                return;
            }
            try (OpenRepository open = found.get()) {
                Repository repository = open.repository();
                new AbandonedRuns(catalog, repository).settle(backup.source(), Optional.empty());
            }
            catalog.find(backup.run())
                    .ifPresent(now -> log.error(
                            now,
                            now.status() == BackupStatus.COMPLETED
                                    ? "its process was killed after the snapshot was whole: the run counts"
                                    : "its process was killed: the run has failed"));
        } finally {
            catalog.release(lease);
        }
    }
}
