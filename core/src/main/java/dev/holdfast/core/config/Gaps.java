package dev.holdfast.core.config;

import dev.holdfast.core.schedule.Schedule;
import java.time.Duration;

/** How far apart the runs of a schedule are. */
final class Gaps {
    private Gaps() {}

    static Duration longest(Schedule schedule) {
        return Duration.ofHours(24);
    }

    static Duration shortest(Schedule schedule) {
        return Duration.ofHours(24);
    }
}
