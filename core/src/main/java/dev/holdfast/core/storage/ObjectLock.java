package dev.holdfast.core.storage;

import java.time.Duration;

/**
 * How long each new object is locked against deletion and change by the storage itself.
 *
 * @param days from the moment of the put, 1 to 36,500 (the most AWS takes)
 */
public record ObjectLock(Mode mode, int days) {
    private static final int MAX_DAYS = 36_500;

    public ObjectLock {
        if (days < 1 || days > MAX_DAYS) {
            throw new IllegalArgumentException("object lock must last 1 to " + MAX_DAYS + " days");
        }
    }

    /**
     * A lock that covers a time for all objects of a snapshot: whole days, and one more, because packs are put before the snapshot that counts.
     *
     * @param wanted how long each object of a snapshot shall be locked after the snapshot was put
     */
    public static ObjectLock covering(Mode mode, Duration wanted) {
        if (!wanted.isPositive() || wanted.toDays() > MAX_DAYS - 2) {
            throw new IllegalArgumentException("objects can be locked for 1 to " + (MAX_DAYS - 2) + " days");
        }
        return new ObjectLock(
                mode,
                Math.toIntExact(wanted.plusNanos(Duration.ofDays(1).toNanos() - 1)
                                .toDays())
                        + 1);
    }

    public Duration duration() {
        return Duration.ofDays(days);
    }

    /** Who may lift a lock before its time. */
    public enum Mode {
        /** Those with a special permission. */
        GOVERNANCE,
        /** Nobody, the account's owner included. */
        COMPLIANCE
    }
}
