package dev.holdfast.core.config;

import dev.holdfast.core.schedule.Schedule;
import java.time.Duration;

/** How far apart the runs of a schedule are. */
record Gaps(Duration longest, Duration shortest) {
    static Gaps of(Schedule schedule) {
        Duration hours = Duration.ofHours(schedule.expression().matches("\\S+ \\* \\* \\* \\*|@hourly") ? 1 : 24);
        return new Gaps(hours, hours);
    }
}
