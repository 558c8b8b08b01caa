package dev.holdfast.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Schedule NIGHTLY = new Schedule("0 2 * * *", ZoneId.of("Europe/Berlin"), Duration.ZERO);
    private static final RunLimits TWO = new RunLimits(2, Map.of());

    private static ScheduledSource source(String name, Schedule schedule, String planned, String... group) {
        return new ScheduledSource(
                new SourceName(name), schedule, Arrays.stream(group).findFirst(), Instant.parse(planned));
    }

    private static ScheduledSource known(Map<SourceName, ScheduledSource> sources, SourceName name) {
        return Objects.requireNonNull(sources.get(name));
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }

    @Test
    void nothingStartsBeforeItIsDue() {
        Plan plan = Planner.plan(
                List.of(source("a", NIGHTLY, "2026-11-28T01:00:00Z")), List.of(), TWO, at("2026-11-29T00:59:59Z"));
        assertThat(plan.starts()).isEmpty();
        assertThat(plan.waiting()).isEmpty();
        assertThat(plan.nextLook()).contains(at("2026-11-29T01:00:00Z"));
    }

    @Test
    void missedRunsAreMadeUpForOnce() {
        ScheduledSource source = source("a", NIGHTLY, "2026-11-20T01:00:00Z");
        Plan plan = Planner.plan(List.of(source), List.of(), TWO, at("2026-11-29T10:00:00Z"));
        assertThat(plan.starts())
                .containsExactly(new Start(source.source(), at("2026-11-29T01:00:00Z"), at("2026-11-21T01:00:00Z")));
        Plan after = Planner.plan(
                List.of(source("a", NIGHTLY, "2026-11-29T01:00:00Z")), List.of(), TWO, at("2026-11-29T10:00:01Z"));
        assertThat(after.starts()).isEmpty();
        assertThat(after.nextLook()).contains(at("2026-11-30T01:00:00Z"));
    }

    @Test
    void aSourceNeverRunsTwiceAtOnce() {
        ScheduledSource source = source("a", NIGHTLY, "2026-11-28T01:00:00Z");
        Plan plan = Planner.plan(
                List.of(source),
                List.of(new RunningSource(source.source(), Optional.empty())),
                TWO,
                at("2026-11-29T10:00:00Z"));
        assertThat(plan.starts()).isEmpty();
        assertThat(plan.waiting())
                .containsExactly(new Waiting(source.source(), at("2026-11-29T01:00:00Z"), Waiting.Reason.ITS_LAST_RUN));
    }

    @Test
    void whoWaitsLongestStartsFirstAndAFullGroupLetsOthersPass() {
        List<ScheduledSource> sources = List.of(
                source("fresh", NIGHTLY, "2026-11-28T01:00:00Z"),
                source("disk-2", NIGHTLY, "2026-11-25T01:00:00Z", "disk"),
                source("disk-1", NIGHTLY, "2026-11-25T01:00:00Z", "disk"),
                source("old", NIGHTLY, "2026-11-26T01:00:00Z"));
        Plan plan = Planner.plan(sources, List.of(), TWO, at("2026-11-29T10:00:00Z"));
        assertThat(plan.starts()).extracting(start -> start.source().text()).containsExactly("disk-1", "old");
        assertThat(plan.waiting())
                .extracting(waiting -> waiting.source().text() + " " + waiting.reason())
                .containsExactly("disk-2 GROUP_FULL", "fresh HOST_FULL");
        Plan wide = Planner.plan(sources, List.of(), new RunLimits(9, Map.of("disk", 2)), at("2026-11-29T10:00:00Z"));
        assertThat(wide.starts()).hasSize(4);
    }

    @Test
    void aWindowSpreadsTheStarts() {
        Schedule spread = new Schedule("0 2 * * *", ZoneId.of("UTC"), Duration.ofHours(1));
        ScheduledSource source = source("shop-db", spread, "2026-11-28T02:00:00Z");
        Instant start = at("2026-11-29T02:00:00Z").plus(Stagger.of(source.source(), spread.window()));
        assertThat(source.nextStart()).isEqualTo(start).isAfter(at("2026-11-29T02:00:00Z"));
        assertThat(Planner.plan(List.of(source), List.of(), TWO, start.minusSeconds(1))
                        .starts())
                .isEmpty();
        assertThat(Planner.plan(List.of(source), List.of(), TWO, start).starts())
                .containsExactly(new Start(source.source(), at("2026-11-29T02:00:00Z"), start));
    }

    @Test
    void aClockThatWasAheadDoesNotStopASourceForYears() {
        Plan plan = Planner.plan(
                List.of(source("a", NIGHTLY, "2099-01-01T00:00:00Z")), List.of(), TWO, at("2026-11-29T10:00:00Z"));
        assertThat(plan.starts())
                .extracting(Start::due)
                .allMatch(due -> !due.isAfter(at("2026-11-29T10:00:00Z")))
                .hasSize(1);
        Plan backAMoment = Planner.plan(
                List.of(source("a", NIGHTLY, "2026-11-29T01:00:00Z")), List.of(), TWO, at("2026-11-29T00:59:58Z"));
        assertThat(backAMoment.starts()).isEmpty();
    }

    @Test
    void limitsBelowOneAreRefused() {
        assertThatThrownBy(() -> new RunLimits(0, Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RunLimits(1, Map.of("a", 0))).isInstanceOf(IllegalArgumentException.class);
    }

    /**
     * Weeks of a host that is asked at odd moments, is off at times, and whose runs take their time: every due time is served by exactly one run, or by the one that makes up for
     * it; limits hold; nobody runs twice at once; nobody starves.
     */
    @Property(tries = 30)
    void noRunIsLostOrDoubled(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> expressions = List.of("0 2 * * *", "30 */6 * * *", "15 * * * *", "0 3 * * SUN", "@daily");
        Map<SourceName, ScheduledSource> sources = new HashMap<>();
        Instant now = at("2026-10-20T00:00:00Z");
        for (int i = 0; i < 8; i++) {
            Schedule schedule = new Schedule(
                    expressions.get(random.nextInt(expressions.size())),
                    ZoneId.of("Europe/Berlin"),
                    Duration.ofMinutes(random.nextInt(90)));
            SourceName name = new SourceName("s" + i);
            Optional<String> group = i % 3 == 0 ? Optional.of("disk") : Optional.empty();
            sources.put(name, new ScheduledSource(name, schedule, group, now));
        }
        RunLimits limits = new RunLimits(1 + random.nextInt(3), Map.of("disk", 1));
        Map<SourceName, Instant> running = new HashMap<>();
        Instant end = at("2026-11-05T00:00:00Z");
        while (now.isBefore(end)) {
            Instant moment = now;
            running.values().removeIf(until -> !until.isAfter(moment));
            List<RunningSource> runs = running.keySet().stream()
                    .map(name -> new RunningSource(name, known(sources, name).group()))
                    .toList();
            Plan plan = Planner.plan(List.copyOf(sources.values()), runs, limits, now);
            for (Start start : plan.starts()) {
                ScheduledSource source = known(sources, start.source());
                Instant upTo =
                        now.minus(Stagger.of(source.source(), source.schedule().window()));
                assertThat(start.due()).isAfter(source.planned()).isBeforeOrEqualTo(upTo);
                assertThat(source.schedule().next(start.due())).as("newest").isAfter(upTo);
                assertThat(running).doesNotContainKey(start.source());
                sources.put(
                        start.source(),
                        new ScheduledSource(source.source(), source.schedule(), source.group(), start.due()));
                running.put(start.source(), now.plusSeconds(60 + random.nextInt(900)));
            }
            assertThat(running.size()).isLessThanOrEqualTo(limits.host());
            assertThat(running.keySet().stream()
                            .filter(name -> known(sources, name).group().isPresent()))
                    .hasSizeLessThanOrEqualTo(1);
            if (plan.waiting().stream().anyMatch(each -> each.reason() == Waiting.Reason.HOST_FULL)) {
                assertThat(running).hasSize(limits.host());
            }
            List<ScheduledSource> idle = new ArrayList<>(sources.values());
            idle.removeIf(source -> source.nextStart().isAfter(moment));
            assertThat(idle)
                    .extracting(ScheduledSource::source)
                    .allMatch(name -> plan.waiting().stream()
                            .anyMatch(waiting -> waiting.source().equals(name)));
            now = now.plusSeconds(random.nextInt(40) == 0 ? random.nextInt(200_000) : 60 + random.nextInt(600));
        }
    }
}
