package dev.holdfast.core.pipeline;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Settles what killed runs have left in the catalog. Who holds the lease of a source knows that no run of it is alive: one that is RUNNING has ended without
 * a word. When its snapshot is there it was killed after the commit, and is COMPLETED; otherwise it is FAILED. What is planned and has not begun stays.
 */
public final class AbandonedRuns {
    private final Catalog catalog;
    private final Repository repository;

    public AbandonedRuns(Catalog catalog, Repository repository) {
        this.catalog = catalog;
        this.repository = repository;
    }

    /**
     * Settles the runs of one source, whose lease the caller holds.
     *
     * @param except the run of the caller itself
     */
    public void settle(SourceName source, Optional<RunId> except) throws IOException {
        RepositoryId id = repository.descriptor().repository();
        for (Backup backup : catalog.unfinished()) {
            boolean waits =
                    backup.status() == BackupStatus.PENDING && backup.plan().isPresent();
            boolean ours = backup.source().equals(source) && backup.repository().equals(id);
            if (ours && !waits && !except.equals(Optional.of(backup.run()))) {
                settle(backup);
            }
        }
    }

    private void settle(Backup backup) throws IOException {
        Optional<SnapshotId> snapshot = backup.status() == BackupStatus.RUNNING ? snapshotOf(backup) : Optional.empty();
        if (snapshot.isPresent()) {
            catalog.complete(backup.run(), snapshot.get());
        } else {
            catalog.fail(
                    backup.run(), "the process that ran it ended without a word (killed, or the machine went down)");
        }
    }

    /** The snapshot that a run committed before it was killed: its header names the run first. */
    private Optional<SnapshotId> snapshotOf(Backup backup) throws IOException {
        Instant begun = backup.started().orElse(backup.created()).truncatedTo(ChronoUnit.SECONDS);
        for (StoredObject object :
                repository.listSnapshots(Optional.of(backup.source())).reversed()) {
            if (Repository.finished(object).isBefore(begun)) {
                break;
            }
            Optional<SnapshotHeader> header = header(object);
            if (header.isPresent() && header.get().runs().getFirst().run().equals(backup.run())) {
                return header.map(SnapshotHeader::snapshot);
            }
        }
        return Optional.empty();
    }

    /** Empty for a snapshot that is damaged, or that this host may not read: it proves nothing. */
    private Optional<SnapshotHeader> header(StoredObject object) throws IOException {
        try {
            return Optional.of(repository.readSnapshot(object.key()).header());
        } catch (StorageException.Denied e) {
            return Optional.empty();
        } catch (StorageException e) {
            throw e;
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }
}
