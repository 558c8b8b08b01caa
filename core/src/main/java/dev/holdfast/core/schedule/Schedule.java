package dev.holdfast.core.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * When something runs. Where clocks change, nothing is skipped and nothing runs twice:
 *
 * <ul>
 *   <li>a time that the clocks jump over runs at the first instant after the jump; several such times run once together;
 *   <li>a time that comes twice runs at its first coming only;
 *   <li>an expression that runs in every hour ({@code 30 * * * *}) means a beat, not a time of day: it runs in the repeated hour too,
 *       and an hour that does not exist has no run. Where clocks jump over a part of an hour (Lord Howe), what is due in it runs after the jump.
 * </ul>
 *
 * @param expression a cron expression of five fields, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly}
 * @param zone whose clock the expression means
 * @param window runs that fall together are spread over so long after the due time; zero for none
 */
public record Schedule(String expression, ZoneId zone, Duration window) {
    private static final Duration INSTANT_STEP = Duration.ofNanos(1);

    /**
     * @throws IllegalArgumentException when the expression is none, or never comes; the message names the field and what would be right
     */
    public Schedule {
        if (window.isNegative()) {
            throw new IllegalArgumentException("a window cannot be negative");
        }
        CronTimes.parse(expression);
    }

    /** The first due time after an instant, without the {@link Stagger} of a source. */
    public Instant next(Instant after) {
        CronTimes cron = CronTimes.parse(expression);
        ZoneRules rules = zone.getRules();
        Instant at = after.plus(INSTANT_STEP);
        while (true) {
            Optional<ZoneOffsetTransition> entry = transitionAtOrBefore(rules, at);
            Instant start = at;
            if (entry.filter(change -> change.getInstant().equals(start) && runsAtItsEnd(cron, change))
                    .isPresent()) {
                return at;
            }
            Instant due = cron.atOrAfter(firstThatCounts(cron, rules, entry, at))
                    .orElseThrow(() -> new IllegalArgumentException("\"" + expression + "\" never comes"))
                    .toInstant(rules.getOffset(at));
            ZoneOffsetTransition exit = rules.nextTransition(at);
            if (exit == null || due.isBefore(exit.getInstant())) {
                return due;
            }
            at = exit.getInstant();
        }
    }

    /** The newest due time that is later than {@code after} and not later than {@code upTo}; empty when there is none. */
    public Optional<Instant> latest(Instant after, Instant upTo) {
        CronTimes cron = CronTimes.parse(expression);
        ZoneRules rules = zone.getRules();
        Instant at = upTo;
        while (at.isAfter(after)) {
            Optional<ZoneOffsetTransition> entry = transitionAtOrBefore(rules, at);
            Instant start = entry.map(ZoneOffsetTransition::getInstant)
                    .filter(change -> change.isAfter(after))
                    .orElse(after.plus(INSTANT_STEP));
            LocalDateTime first = firstThatCounts(cron, rules, entry, start);
            Optional<LocalDateTime> due =
                    cron.atOrBefore(local(rules, at), first).filter(time -> !time.isBefore(first));
            if (due.isPresent()) {
                return Optional.of(due.get().toInstant(rules.getOffset(at)));
            }
            if (entry.filter(change -> change.getInstant().equals(start) && runsAtItsEnd(cron, change))
                    .isPresent()) {
                return Optional.of(start);
            }
            at = start.minus(INSTANT_STEP);
        }
        return Optional.empty();
    }

    private static Optional<ZoneOffsetTransition> transitionAtOrBefore(ZoneRules rules, Instant at) {
        return Optional.ofNullable(rules.previousTransition(at.plus(INSTANT_STEP)));
    }

    private static LocalDateTime local(ZoneRules rules, Instant at) {
        return LocalDateTime.ofInstant(at, rules.getOffset(at));
    }

    /** Between two changes of the clock: the wall time from which on times count. Repeated times have run before the change. */
    private static LocalDateTime firstThatCounts(
            CronTimes cron, ZoneRules rules, Optional<ZoneOffsetTransition> entry, Instant from) {
        LocalDateTime time = local(rules, from);
        return entry.filter(change -> change.isOverlap() && !cron.everyHour())
                .map(ZoneOffsetTransition::getDateTimeBefore)
                .filter(repeatedUntil -> repeatedUntil.isAfter(time))
                .orElse(time);
    }

    private static boolean runsAtItsEnd(CronTimes cron, ZoneOffsetTransition change) {
        boolean wholeHours = change.getDuration().toSeconds() % 3600 == 0;
        return change.isGap()
                && !(cron.everyHour() && wholeHours)
                && cron.atOrAfter(change.getDateTimeBefore())
                        .filter(time -> time.isBefore(change.getDateTimeAfter()))
                        .isPresent();
    }
}
