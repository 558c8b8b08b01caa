package dev.holdfast.core.retention;

import dev.holdfast.core.model.SnapshotId;
import java.time.Instant;
import java.util.Optional;

/**
 * What a decision about a snapshot needs to know.
 *
 * @param claimed when the host says that it was finished
 * @param stored when the storage says that it was written, or the control plane where there is one
 * @param bytes of its streams, before deduplication
 * @param hold why it must stay until someone releases it
 * @param lockedUntil before this instant the storage does not let it go
 */
public record SnapshotFacts(
        SnapshotId id,
        Instant claimed,
        Instant stored,
        long bytes,
        Standing standing,
        Optional<String> hold,
        Optional<Instant> lockedUntil) {
    /** What a snapshot is worth. Only a good one counts, and only a good one may push others out. */
    public enum Standing {
        /** Whole as far as anyone has looked. */
        GOOD,
        /** Known to be of no use, for example because a pack of it is gone. */
        FAILED,
        /** Nobody could look whether it is whole. */
        UNVERIFIED,
        /** Far smaller than those before it, see {@link SizeTrend}. */
        SUSPICIOUS
    }

    /** The same with another standing. */
    public SnapshotFacts with(Standing other) {
        return new SnapshotFacts(id, claimed, stored, bytes, other, hold, lockedUntil);
    }
}
