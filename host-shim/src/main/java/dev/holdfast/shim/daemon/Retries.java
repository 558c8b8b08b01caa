package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogConflictException;
import dev.holdfast.core.catalog.Plan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plans a failed run again: after 5 minutes, and once more half an hour after that, so that a database that restarts or a line that is down for a while
 * costs no night. A run counts for its due time: when the next one is planned, the old one is not tried again.
 */
final class Retries {
    private static final List<Duration> WAITS = List.of(Duration.ofMinutes(5), Duration.ofMinutes(30));

    /** Enough for the newest run of each source of a host. */
    private static final int LOOKED_AT = 2000;

    private final Catalog catalog;
    private final RunIds ids;

    Retries(Catalog catalog, RunIds ids) {
        this.catalog = catalog;
        this.ids = ids;
    }

    /** Plans again what has failed and may be tried again; tells what that was. */
    List<Backup> plan(Instant now) throws IOException {
        List<Backup> planned = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Backup backup : catalog.list(Optional.empty(), LOOKED_AT)) {
            boolean newest = seen.add(backup.repository() + "/" + backup.source());
            if (newest
                    && backup.status() == BackupStatus.FAILED
                    && backup.plan().isPresent()) {
                retry(backup, backup.plan().get(), now).ifPresent(planned::add);
            }
        }
        return planned;
    }

    private Optional<Backup> retry(Backup failed, Plan plan, Instant now) throws IOException {
        boolean current = catalog.lastDue(plan.schedule()).equals(Optional.of(plan.due()));
        if (!current || plan.attempt() > WAITS.size()) {
            return Optional.empty();
        }
        try {
            return Optional.of(catalog.retry(failed.run(), ids.next(), now.plus(WAITS.get(plan.attempt() - 1))));
        } catch (CatalogConflictException planned) {
            return Optional.empty();
        }
    }
}
