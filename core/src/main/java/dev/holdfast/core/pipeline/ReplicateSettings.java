package dev.holdfast.core.pipeline;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How a copy is made.
 *
 * @param transfers packs on their way at once, 1 to 8; each takes memory for one pack (33 MiB)
 * @param deadline no object is begun that is not likely to be done by then; empty for none
 * @param stop asked before each object: true ends the pass after what is on its way
 * @param present what is done about snapshots that the copy has already
 * @param lock for how long the copy's objects shall be locked; empty for a copy without locks. The target must have been opened so that each new
 *     object gets {@link LockTerm#atPut}
 */
public record ReplicateSettings(
        int transfers, Optional<Instant> deadline, BooleanSupplier stop, Present present, Optional<LockTerm> lock) {
    private static final int MAX_TRANSFERS = 8;

    /** Three at once, to the end, without locks. */
    public static final ReplicateSettings DEFAULT =
            new ReplicateSettings(3, Optional.empty(), () -> false, Present.TRUST, Optional.empty());

    /** What is done about snapshots that the copy has already. */
    public enum Present {
        /** Nothing: packs came before them. */
        TRUST,
        /** Their packs are looked for, and what was lost since is copied again; with a lock, locks are lengthened where they are too short. */
        MEND
    }

    public ReplicateSettings {
        if (transfers < 1 || transfers > MAX_TRANSFERS) {
            throw new IllegalArgumentException("transfers must be 1 to " + MAX_TRANSFERS);
        }
    }

    public ReplicateSettings with(Present other) {
        return new ReplicateSettings(transfers, deadline, stop, other, lock);
    }

    public ReplicateSettings with(LockTerm other) {
        return new ReplicateSettings(transfers, deadline, stop, present, Optional.of(other));
    }

    public ReplicateSettings withTransfers(int other) {
        return new ReplicateSettings(other, deadline, stop, present, lock);
    }

    public ReplicateSettings withDeadline(Instant other) {
        return new ReplicateSettings(transfers, Optional.of(other), stop, present, lock);
    }

    public ReplicateSettings withStop(BooleanSupplier other) {
        return new ReplicateSettings(transfers, deadline, other, present, lock);
    }
}
