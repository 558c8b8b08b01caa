package dev.holdfast.core.pipeline;

import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.ObjectLock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * For how long the objects of a copy are locked: everything a snapshot needs, from when the snapshot was put.
 *
 * @param duration at least a day, since storages lock by days
 */
public record LockTerm(ObjectLock.Mode mode, Duration duration) {
    /** How long the packs of a snapshot may take before it. */
    private static final Duration SLACK = Duration.ofHours(12);

    public LockTerm {
        if (duration.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("objects are locked for a day or longer");
        }
        ObjectLock.covering(mode, duration); // throws when it is too long
    }

    /** What the driver puts on each new object: up to two days more than the term, so that packs outlast the snapshot that follows them. */
    public ObjectLock atPut() {
        return ObjectLock.covering(mode, duration);
    }

    /** Until when the objects of a snapshot shall be locked. */
    Instant wantedUntil(Instant snapshotPut) {
        return snapshotPut.plus(duration);
    }

    /** What the objects of a snapshot need that was put at a time, or is about to be. */
    Need need(Optional<Instant> put, Instant now) {
        Instant from = put.orElse(now);
        Instant atLeast = wantedUntil(from).plus(put.isPresent() ? Duration.ZERO : SLACK);
        Instant until = from.plus(atPut().duration()).truncatedTo(ChronoUnit.SECONDS);
        return new Need(atLeast, new HeldLock(mode, until), now);
    }

    /**
     * For how long objects must be locked.
     *
     * @param atLeast a lock that ends earlier is lengthened
     * @param grant to this
     */
    record Need(Instant atLeast, HeldLock grant, Instant now) {
        boolean isOver() {
            return !atLeast.isAfter(now);
        }
    }
}
