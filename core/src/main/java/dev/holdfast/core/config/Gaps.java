package dev.holdfast.core.config;

import dev.holdfast.core.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * How far apart the runs of a schedule are, on clocks that never change.
 *
 * @param longest found by looking at the gaps around points of a year: every six hours of one week, every third day of the rest. A gap that no point falls
 *     into is shorter than those
 * @param shortest of the first so many runs
 */
record Gaps(Duration longest, Duration shortest) {
    /** A Friday, so that the first runs see a weekend. Off the minute, so that no point is a run. */
    private static final Instant BEGIN = Instant.parse("2027-01-01T00:07:13Z");

    private static final Duration SINCE = Duration.ofDays(366 * 9);
    private static final int DAYS = 400;
    private static final int RUNS = 64;

    static Gaps of(Schedule schedule) {
        Schedule even = new Schedule(schedule.expression(), ZoneOffset.UTC, Duration.ZERO);
        Duration longest = Duration.ZERO;
        for (int hour = 0; hour < DAYS * 24; hour += hour < 7 * 24 ? 6 : 3 * 24) {
            Instant point = BEGIN.plus(Duration.ofHours(hour));
            Instant next = even.next(point);
            Duration gap = even.latest(point.minus(SINCE), point)
                    .map(before -> Duration.between(before, next))
                    .orElse(SINCE);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
        return new Gaps(longest, shortest(even, longest));
    }

    private static Duration shortest(Schedule even, Duration longest) {
        Duration shortest = longest;
        Instant run = even.next(BEGIN);
        for (int count = 0; count < RUNS; count++) {
            Instant next = even.next(run);
            Duration gap = Duration.between(run, next);
            shortest = gap.compareTo(shortest) < 0 ? gap : shortest;
            run = next;
        }
        return shortest;
    }
}
