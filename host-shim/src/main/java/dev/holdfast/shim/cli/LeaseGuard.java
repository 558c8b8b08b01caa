package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.pipeline.CommitGuard;
import dev.holdfast.core.pipeline.RecordedBackup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Renews the lease before each removal when half of its time is over. */
final class LeaseGuard implements CommitGuard {
    private final Catalog catalog;
    private Lease lease;

    LeaseGuard(Catalog catalog, Lease lease) {
        this.catalog = catalog;
        this.lease = lease;
    }

    @Override
    public void verify() throws IOException {
        Duration half = RecordedBackup.timeToLive().dividedBy(2);
        if (Instant.now().isAfter(lease.expires().minus(half))) {
            lease = catalog.renew(lease, RecordedBackup.timeToLive());
        }
        catalog.verify(lease);
    }
}
