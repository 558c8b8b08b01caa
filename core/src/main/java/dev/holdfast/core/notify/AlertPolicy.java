package dev.holdfast.core.notify;

import java.time.Duration;

/**
 * How often people are told.
 *
 * @param reminder so long after the last word about a problem that is still there, it is told again
 * @param settle a problem must be gone for so long before its recovery is told; one that comes back before that was never away
 * @param longestSettle for a problem that keeps coming back {@code settle} doubles each time, up to this
 * @param memory for so long after a recovery a problem that comes back counts as the same that keeps coming back
 */
public record AlertPolicy(Duration reminder, Duration settle, Duration longestSettle, Duration memory) {
    /** A day, 15 minutes, 6 hours, a day. */
    public static final AlertPolicy DEFAULT =
            new AlertPolicy(Duration.ofHours(24), Duration.ofMinutes(15), Duration.ofHours(6), Duration.ofHours(24));

    public AlertPolicy {
        if (!reminder.isPositive()
                || settle.isNegative()
                || memory.isNegative()
                || longestSettle.compareTo(settle) < 0) {
            throw new IllegalArgumentException(
                    "alerts need 0 < time to the reminder, 0 <= time to settle <= longest, and 0 <= memory");
        }
    }

    /** @param relapses how often the problem has come back */
    Duration settle(int relapses) {
        Duration wait = settle;
        for (int i = 0; i < relapses && wait.compareTo(longestSettle) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longestSettle) > 0 ? longestSettle : wait;
    }
}
