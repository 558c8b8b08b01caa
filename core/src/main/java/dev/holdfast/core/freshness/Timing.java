package dev.holdfast.core.freshness;

import java.time.Duration;
import java.time.Instant;

/**
 * When a source is to run.
 *
 * @param due the first time its schedule names after its newest run began; where none ever began, after the schedule was taken over. It lies
 *     in the past when a run is overdue
 * @param window how much later than {@code due} a run may begin, because runs are spread
 */
public record Timing(Instant due, Duration window) {
    public Timing {
        if (window.isNegative()) {
            throw new IllegalArgumentException("a window cannot be negative");
        }
    }

    /** When the run begins at the latest. */
    Instant latest() {
        return due.plus(window);
    }
}
