package dev.holdfast.core.pipeline;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** Holds a lease over work of any length: renews it when half of its time is over, each time that the work asks whether it may go on. */
public final class LeaseGuard implements CommitGuard, AutoCloseable {
    private final Catalog catalog;
    private final Clock clock;
    private Lease lease;

    private LeaseGuard(Catalog catalog, Clock clock, Lease lease) {
        this.catalog = catalog;
        this.clock = clock;
        this.lease = lease;
    }

    /**
     * Takes the lease.
     *
     * @throws dev.holdfast.core.catalog.LeaseHeldException when someone else has it
     */
    public static LeaseGuard take(Catalog catalog, String resource, String owner, Clock clock) throws IOException {
        return new LeaseGuard(catalog, clock, catalog.acquire(resource, owner, RecordedBackup.timeToLive()));
    }

    /** Over a lease that is held already. */
    public static LeaseGuard of(Catalog catalog, Lease lease, Clock clock) {
        return new LeaseGuard(catalog, clock, lease);
    }

    @Override
    public synchronized void verify() throws IOException {
        Duration half = RecordedBackup.timeToLive().dividedBy(2);
        if (clock.instant().isAfter(lease.expires().minus(half))) {
            lease = catalog.renew(lease, RecordedBackup.timeToLive());
        }
        catalog.verify(lease);
    }

    @Override
    public synchronized void close() throws IOException {
        catalog.release(lease);
    }
}
