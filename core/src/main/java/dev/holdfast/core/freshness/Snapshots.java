package dev.holdfast.core.freshness;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The times of good snapshots that can be believed, seen from now. */
final class Snapshots {
    private final Optional<Instant> newest;
    private final boolean fromTheFuture;
    private final Instant now;
    private final ZoneId zone;

    Snapshots(List<Instant> taken, FreshnessPolicy policy, Instant now) {
        Instant latest = now.plus(policy.clockSkew());
        this.newest = taken.stream().filter(each -> !each.isAfter(latest)).max(Comparator.naturalOrder());
        this.fromTheFuture = taken.stream().anyMatch(each -> each.isAfter(latest));
        this.now = now;
        this.zone = policy.zone();
    }

    Optional<Instant> newest() {
        return newest;
    }

    /** Whether one is newer than {@code time}. */
    boolean hasAfter(Instant time) {
        return newest.filter(each -> each.isAfter(time)).isPresent();
    }

    /** Never negative: a snapshot that is a little ahead is as old as nothing. */
    static Duration age(Instant taken, Instant now) {
        return taken.isAfter(now) ? Duration.ZERO : Duration.between(taken, now);
    }

    /** What is to be added to a sentence about the newest one. */
    String remark() {
        return fromTheFuture ? "; snapshots with a time after " + Words.time(now, zone) + " do not count" : "";
    }
}
