package dev.holdfast.core.config;

import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.Within;
import dev.holdfast.core.schedule.Schedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads when something runs and how long its snapshots are kept. */
final class PolicyReader {
    static final String NIGHTLY = "0 2 * * *";
    static final Duration WINDOW = Duration.ofHours(1);
    private static final int MOST_KEPT = 100_000;

    private final ZoneId local;
    private final Map<String, Gaps> gaps = new HashMap<>();

    /** @param local the zone of schedules that name none */
    PolicyReader(ZoneId local) {
        this.local = local;
    }

    Schedule nightly() {
        return new Schedule(NIGHTLY, local, WINDOW);
    }

    /** How far apart runs are; the same expressions come again and again. */
    Gaps gaps(Schedule schedule) {
        return gaps.computeIfAbsent(schedule.expression(), expression -> Gaps.of(schedule));
    }

    Optional<Schedule> schedule(Spot spot) {
        if (spot.isScalar()) {
            return spot.text().flatMap(cron -> schedule(spot, cron, local, Optional.empty()));
        }
        return spot.fields(Shape.SCHEDULE).flatMap(fields -> {
            Optional<ZoneId> zone = fields.get("zone").map(this::zone).orElse(Optional.of(local));
            Optional<Spot> windowSpot = fields.get("window");
            Optional<Duration> window = windowSpot.flatMap(found -> found.text(DurationText::parse));
            Optional<Spot> cron = fields.required("cron");
            Optional<Schedule> schedule = cron.flatMap(
                    found -> found.text().flatMap(text -> schedule(found, text, zone.orElse(local), window)));
            schedule.filter(found -> found.window().compareTo(gaps(found).shortest()) > 0)
                    .ifPresent(found -> windowSpot.ifPresent(
                            where -> where.warning("the window is longer than the time between two runs, "
                                    + DurationText.of(gaps(found).shortest()))));
            return zone.flatMap(known -> schedule);
        });
    }

    private Optional<Schedule> schedule(Spot spot, String cron, ZoneId zone, Optional<Duration> window) {
        return spot.made(() -> {
            Schedule schedule = new Schedule(cron.strip(), zone, window.orElse(Duration.ZERO));
            Duration usual = usual(gaps(schedule));
            return window.isPresent() ? schedule : new Schedule(schedule.expression(), zone, usual);
        });
    }

    /** An hour, but no more than half of the time between two runs. */
    private static Duration usual(Gaps gaps) {
        Duration half = gaps.shortest().dividedBy(2);
        return half.compareTo(WINDOW) < 0 ? half : WINDOW;
    }

    private Optional<ZoneId> zone(Spot spot) {
        return spot.text().flatMap(text -> {
            try {
                return Optional.of(ZoneId.of(text));
            } catch (DateTimeException e) {
                return spot.error("there is no time zone " + text
                        + Nearest.to(text, ZoneId.getAvailableZoneIds())
                                .map(name -> "; did you mean " + name + "?")
                                .orElse("; it is a name like Europe/Berlin"));
            }
        });
    }

    Optional<RetentionPolicy> retention(Spot spot) {
        if (spot.isScalar()) {
            return spot.whole(1, MOST_KEPT).map(last -> new RetentionPolicy(last, 0, 0, 0, 0, 0, Optional.empty()));
        }
        return spot.fields(Shape.RETENTION).flatMap(PolicyReader::retention);
    }

    private static Optional<RetentionPolicy> retention(Fields fields) {
        Optional<Within> within = fields.get("within").flatMap(found -> found.text(Within::parse));
        Map<String, Integer> kept = new HashMap<>();
        boolean whole = fields.get("within").isPresent() == within.isPresent();
        for (String rule : List.of("last", "hourly", "daily", "weekly", "monthly", "yearly")) {
            Optional<Spot> spot = fields.get(rule);
            Optional<Integer> number = spot.flatMap(found -> found.whole(0, MOST_KEPT));
            whole &= spot.isPresent() == number.isPresent();
            kept.put(rule, number.orElse(0));
        }
        return whole ? fields.spot().made(() -> policy(kept, within)) : Optional.empty();
    }

    private static RetentionPolicy policy(Map<String, Integer> kept, Optional<Within> within) {
        return new RetentionPolicy(
                kept.getOrDefault("last", 0),
                kept.getOrDefault("hourly", 0),
                kept.getOrDefault("daily", 0),
                kept.getOrDefault("weekly", 0),
                kept.getOrDefault("monthly", 0),
                kept.getOrDefault("yearly", 0),
                within);
    }
}
