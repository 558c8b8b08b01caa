package dev.holdfast.core.catalog;

import java.time.Instant;

/**
 * Why a backup is there without anyone having asked for it.
 *
 * @param schedule name of the schedule
 * @param due the time that the schedule named
 * @param attempt 1, or more for one that follows a failure
 * @param notBefore when it may start: the due time and its share of the window
 */
public record Plan(String schedule, Instant due, int attempt, Instant notBefore) {
    public Plan {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts are counted from 1");
        }
    }
}
