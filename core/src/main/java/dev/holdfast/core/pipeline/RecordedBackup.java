package dev.holdfast.core.pipeline;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.catalog.Progress;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.source.BackupSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A backup under its source's lease and with a record in the catalog: PENDING, RUNNING with progress, COMPLETED or FAILED. The lease is
 * renewed while the run works, and asked for again right before the commit.
 */
public final class RecordedBackup {
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final Catalog catalog;
    private final String owner;
    private final BackupPipeline pipeline;

    /** @param owner this process, as {@link dev.holdfast.core.catalog.LeaseOwner#text()} writes it */
    public RecordedBackup(Catalog catalog, String owner, BackupPipeline pipeline) {
        this.catalog = catalog;
        this.owner = owner;
        this.pipeline = pipeline;
    }

    /** The resource whose lease keeps runs and removals of one source apart. */
    public static String resource(RepositoryId repository, SourceName source) {
        return "repository/" + repository + "/source/" + source;
    }

    /** The time a lease is taken for when it is held over one removal or run and renewed meanwhile. */
    public static Duration timeToLive() {
        return TIME_TO_LIVE;
    }

    /**
     * Runs a backup. Once it is committed it is whole whatever becomes of the catalog: what could not be recorded then is a warning.
     *
     * @param run known to the catalog as PENDING, or not at all
     * @param opening opens the source; called after the lease is held
     * @throws dev.holdfast.core.catalog.LeaseHeldException when the source is being backed up or pruned already
     */
    public BackupResult run(RunId run, RepositoryId repository, SourceName name, Opening opening, RunProgress progress)
            throws IOException {
        Lease lease = catalog.acquire(resource(repository, name), owner, TIME_TO_LIVE);
        BackupResult result;
        try {
            result = run(run, repository, name, opening, progress, lease);
        } catch (IOException | RuntimeException | Error e) {
            releaseAfter(lease, e);
            throw e;
        }
        try {
            catalog.release(lease);
            return result;
        } catch (IOException e) {
            return result.warning(
                    "the source stays locked for " + TIME_TO_LIVE.toMinutes() + " minutes: " + e.getMessage());
        }
    }

    private BackupResult run(
            RunId run, RepositoryId repository, SourceName name, Opening opening, RunProgress progress, Lease lease)
            throws IOException {
        try (ScheduledExecutorService heart =
                Executors.newSingleThreadScheduledExecutor(Threads.named("holdfast-heartbeat"))) {
            new AbandonedRuns(catalog, pipeline.repository()).settle(name, Optional.of(run));
            if (catalog.find(run).isEmpty()) {
                catalog.create(run, repository, name);
            }
            Heartbeat beat = new Heartbeat(run, lease, progress);
            ScheduledFuture<?> beats = heart.scheduleAtFixedRate(
                    beat::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
            try {
                catalog.start(run);
                BackupResult result = pipeline.run(run, name, opening.open(), beat::verify, progress);
                beats.cancel(false);
                return recorded(run, result, progress);
            } catch (IOException | RuntimeException | Error e) {
                recordFailure(run, e);
                throw e;
            } finally {
                beats.cancel(false);
                heart.shutdown();
            }
        }
    }

    private BackupResult recorded(RunId run, BackupResult result, RunProgress progress) {
        try {
            catalog.progress(run, new Progress(progress.bytesRead(), progress.bytesStored()));
            catalog.complete(run, result.snapshot().snapshot());
            return result;
        } catch (IOException e) {
            return result.warning("the backup is whole, but could not be recorded on this host: " + e.getMessage());
        }
    }

    private void releaseAfter(Lease lease, Throwable failure) {
        try {
            catalog.release(lease);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void recordFailure(RunId run, Throwable failure) {
        try {
            catalog.fail(run, Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Opens a source, which may start commands. */
    @FunctionalInterface
    public interface Opening {
        BackupSource open() throws IOException;
    }

    /** Renews the lease and records progress. A beat that fails is kept for the commit to find. */
    private final class Heartbeat {
        private final RunId run;
        private final RunProgress progress;
        private volatile Lease lease;

        Heartbeat(RunId run, Lease lease, RunProgress progress) {
            this.run = run;
            this.lease = lease;
            this.progress = progress;
        }

        void beat() {
            try {
                lease = catalog.renew(lease, TIME_TO_LIVE);
                catalog.progress(run, new Progress(progress.bytesRead(), progress.bytesStored()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e); // ends the beats; the lease then expires and verify says so
            }
        }

        void verify() throws IOException {
            catalog.verify(lease);
        }
    }
}
