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
