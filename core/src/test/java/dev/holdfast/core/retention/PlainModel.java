package dev.holdfast.core.retention;

import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Retention as slow and as obvious as can be: every snapshot against every other, with no order and no state. */
final class PlainModel {
    private final RetentionPolicy policy;
    private final List<SnapshotFacts> all;
    private final ZoneId zone;
    private final Instant now;

    private final Set<Quirk> quirks;

    /** What restic does otherwise (its {@code internal/restic/snapshot_policy.go}). */
    enum Quirk {
        /** In later versions than 0.14 the oldest snapshot is kept for every rule that has periods left, though its period has a newer one. Ours keeps the newest of a period and no other. */
        OLDEST_FILLS_UP,
        /** An hour that comes twice when clocks go back counts as one. Ours are two: nothing of them is the same. */
        ONE_HOUR,
        /** Months are subtracted as Go does, where a month before 31 March is 3 March; ours is the last of February, which keeps a little more. */
        LONG_MONTHS
    }

    PlainModel(RetentionPolicy policy, List<SnapshotFacts> all, ZoneId zone, Instant now) {
        this(policy, all, zone, now, EnumSet.noneOf(Quirk.class));
    }

    PlainModel(RetentionPolicy policy, List<SnapshotFacts> all, ZoneId zone, Instant now, Set<Quirk> quirks) {
        this.quirks = quirks;
        this.policy = policy;
        this.all = all;
        this.zone = zone;
        this.now = now;
    }

    boolean keeps(SnapshotFacts one) {
        boolean nothingGood = all.stream().noneMatch(other -> other.standing() == Standing.GOOD);
        boolean mustStay = one.hold().isPresent()
                || one.lockedUntil().filter(until -> until.isAfter(now)).isPresent();
        return mustStay || nothingGood || keeps(one, SnapshotFacts::claimed) || keeps(one, PlainModel::storage);
    }

    private static Instant storage(SnapshotFacts one) {
        Duration late = Duration.between(one.claimed(), one.stored());
        return late.compareTo(Duration.ofMinutes(-5)) < 0 || late.compareTo(Duration.ofHours(1)) > 0
                ? one.stored()
                : one.claimed();
    }

    private boolean keeps(SnapshotFacts one, Function<SnapshotFacts, Instant> clock) {
        List<Instant> newer = all.stream()
                .filter(other -> other.standing() == Standing.GOOD && isNewer(other, one, clock))
                .map(clock)
                .toList();
        if (one.standing() == Standing.FAILED) {
            return newer.isEmpty();
        }
        Instant at = clock.apply(one);
        return newer.isEmpty()
                || newer.size() < policy.last()
                || among(policy.hourly(), newer, at, this::hour)
                || among(policy.daily(), newer, at, ZonedDateTime::toLocalDate)
                || among(policy.weekly(), newer, at, PlainModel::monday)
                || among(policy.monthly(), newer, at, time -> time.toLocalDate().withDayOfMonth(1))
                || among(policy.yearly(), newer, at, ZonedDateTime::getYear)
                || isWithin(newer, at);
    }

    private Object hour(ZonedDateTime time) {
        ZonedDateTime hour = time.truncatedTo(ChronoUnit.HOURS);
        return quirks.contains(Quirk.ONE_HOUR) ? hour.toLocalDateTime() : hour.toOffsetDateTime();
    }

    private static Object monday(ZonedDateTime time) {
        return time.toLocalDate().with(TemporalAdjusters.previousOrSame(java.time.DayOfWeek.MONDAY));
    }

    private static boolean isNewer(SnapshotFacts a, SnapshotFacts b, Function<SnapshotFacts, Instant> clock) {
        int order = clock.apply(a).compareTo(clock.apply(b));
        if (order == 0) {
            order = a.claimed().compareTo(b.claimed());
        }
        return order > 0 || (order == 0 && a.id().hex().compareTo(b.id().hex()) > 0);
    }

    private boolean among(int count, List<Instant> newer, Instant at, Function<ZonedDateTime, Object> period) {
        Set<Object> taken = new HashSet<>();
        newer.forEach(time -> taken.add(period.apply(time.atZone(zone))));
        boolean fillsUp = quirks.contains(Quirk.OLDEST_FILLS_UP) && newer.size() == all.size() - 1;
        return (fillsUp || !taken.contains(period.apply(at.atZone(zone)))) && taken.size() < count;
    }

    private boolean isWithin(List<Instant> newer, Instant at) {
        if (policy.within().isEmpty()) {
            return false;
        }
        Within length = policy.within().get();
        Instant newest = newer.stream().max(Instant::compareTo).orElse(at);
        Instant start = start(length, newest.atZone(zone)).minus(Duration.ofHours(length.hours()));
        return !at.isBefore(start);
    }

    private Instant start(Within length, ZonedDateTime newest) {
        if (quirks.contains(Quirk.LONG_MONTHS)) {
            LocalDate first =
                    newest.toLocalDate().withDayOfMonth(1).minusMonths(12L * length.years() + length.months());
            return first.plusDays(newest.getDayOfMonth() - 1L - length.days())
                    .atTime(newest.toLocalTime())
                    .atZone(zone)
                    .toInstant();
        }
        return newest.minusYears(length.years())
                .minusMonths(length.months())
                .minusDays(length.days())
                .toInstant();
    }
}
