package dev.holdfast.core.catalog;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Backups, what is planned, and leases. Every change is conditional on the state it leaves, and durable when the call returns. All methods may be called
 * by several threads and several processes at once. What goes wrong is a {@link CatalogException}.
 */
public interface Catalog extends AutoCloseable {
    /** Longest error text that is kept, in characters. */
    int MAXIMUM_ERROR_LENGTH = 4000;

    /**
     * Records a PENDING backup.
     *
     * @throws CatalogConflictException when the run is known already
     */
    Backup create(RunId run, RepositoryId repository, SourceName source) throws IOException;

    /**
     * PENDING to RUNNING.
     *
     * @throws CatalogConflictException in any other status, or when the run is unknown
     */
    Backup start(RunId run) throws IOException;

    /**
     * Replaces the figures of a RUNNING backup.
     *
     * @throws CatalogConflictException in any other status, or when the run is unknown
     */
    Backup progress(RunId run, Progress progress) throws IOException;

    /**
     * RUNNING to COMPLETED.
     *
     * @throws CatalogConflictException in any other status, or when the run is unknown
     */
    Backup complete(RunId run, SnapshotId snapshot) throws IOException;

    /**
     * PENDING or RUNNING to FAILED.
     *
     * @param error why, for people; never a secret; cut at {@link #MAXIMUM_ERROR_LENGTH}
     * @throws CatalogConflictException in any other status, or when the run is unknown
     */
    Backup fail(RunId run, String error) throws IOException;

    Optional<Backup> find(RunId run) throws IOException;

    /**
     * Backups by creation, newest first.
     *
     * @param source only of this source; empty for all
     * @param limit at most so many, at least 1
     */
    List<Backup> list(Optional<SourceName> source, int limit) throws IOException;

    /** All PENDING and RUNNING backups, oldest first. */
    List<Backup> unfinished() throws IOException;

    /** The newest due time of a schedule that was planned; empty for a schedule that never was. */
    Optional<Instant> lastDue(String schedule) throws IOException;

    /**
     * Records that a due time is planned, with a PENDING backup for each run: all of it or nothing. However often two planners meet,
     * one of them wins.
     *
     * @param last what {@link #lastDue} said
     * @param runs may be empty; a source stands in it once
     * @throws CatalogConflictException when another planner was quicker
     */
    List<Backup> plan(String schedule, Optional<Instant> last, Instant due, List<PlannedRun> runs) throws IOException;

    /**
     * Plans a FAILED backup of a schedule once more, as a new run of the same due time.
     *
     * @throws CatalogConflictException when it is not FAILED, was not planned, or has a next attempt already
     */
    Backup retry(RunId failed, RunId run, Instant notBefore) throws IOException;

    /** A small text that is kept between runs, for example what was alerted; empty when there is none. */
    Optional<String> note(String key) throws IOException;

    /** Keeps a text under a key, in place of what was there. */
    void note(String key, String text) throws IOException;

    /**
     * Takes the lease of a resource that is free, expired, or whose holder is known to be gone. Not reentrant: an owner that
     * holds it already is refused too.
     *
     * @param owner see {@link LeaseOwner#text()}
     * @param timeToLive longer than zero
     * @throws LeaseHeldException when someone holds it
     */
    Lease acquire(String resource, String owner, Duration timeToLive) throws IOException;

    /**
     * Extends the lease from now on; its token stays. A lease that expired but was not taken since is renewed too: nobody else
     * can have worked in between.
     *
     * @throws LeaseLostException when it was released or taken over
     */
    Lease renew(Lease lease, Duration timeToLive) throws IOException;

    /** Gives the lease back. A lease that is no longer this one is left alone. */
    void release(Lease lease) throws IOException;

    /**
     * Returns when the lease is still held.
     *
     * @throws LeaseLostException when it has expired, was released, or was taken over
     */
    void verify(Lease lease) throws IOException;

    @Override
    void close() throws IOException;
}
