package dev.holdfast.core.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * A lock that an object has.
 *
 * @param until the storage's own time, in whole seconds: until then it neither removes nor changes the object
 */
public record HeldLock(ObjectLock.Mode mode, Instant until) {
    /** This one, in the stricter mode of the two: no storage lets anyone soften a lock. */
    public HeldLock atLeast(Optional<HeldLock> held) {
        boolean strict =
                held.filter(lock -> lock.mode == ObjectLock.Mode.COMPLIANCE).isPresent();
        return strict ? new HeldLock(ObjectLock.Mode.COMPLIANCE, until) : this;
    }
}
