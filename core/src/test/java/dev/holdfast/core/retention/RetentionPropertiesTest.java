package dev.holdfast.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.retention.Histories.Mishaps;
import dev.holdfast.core.retention.RetentionPlan.Fate;
import dev.holdfast.core.retention.SnapshotFacts.Standing;
import dev.holdfast.core.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RetentionPropertiesTest {
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"),
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("Pacific/Apia"));

    @Property(tries = 1000)
    void aPlanIsThatOfTheObviousModel(@ForAll long seed) {
        Random random = new Random(seed);
        RetentionPolicy policy = Histories.policy(random);
        List<SnapshotFacts> history = Histories.year(random, Mishaps.SOME);
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        Instant now = Instant.parse("2026-11-29T00:00:00Z");
        PlainModel model = new PlainModel(policy, history, zone, now);
        RetentionPlan plan = RetentionPlan.of(policy, history, zone, now);
        assertThat(plan.verdicts()).hasSameSizeAs(history).allSatisfy(verdict -> {
            assertThat(verdict.reasons()).isNotEmpty();
            assertThat(verdict.fate())
                    .as("%s of %s in %s: %s", verdict, policy, zone, history)
                    .isEqualTo(model.keeps(verdict.snapshot()) ? Fate.KEEP : Fate.DELETE);
        });
    }

    @Property(tries = 300)
    void theNewestGoodOneAndWhatIsHeldOrLockedStay(@ForAll long seed) {
        Random random = new Random(seed);
        List<SnapshotFacts> history = Histories.year(random, Mishaps.SOME);
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        Set<SnapshotFacts> kept = new HashSet<>(RetentionPlan.of(Histories.policy(random), history, ZONES.get(1), now)
                .kept());
        assertThat(history.stream()
                        .filter(facts -> facts.hold().isPresent()
                                || facts.lockedUntil().filter(now::isBefore).isPresent()))
                .allMatch(kept::contains);
        for (Comparator<SnapshotFacts> order :
                List.of(Comparator.comparing(SnapshotFacts::claimed), Comparator.comparing(Timeline::settled))) {
            assertThat(history.stream()
                            .filter(facts -> facts.standing() == Standing.GOOD)
                            .max(order.thenComparing(facts -> facts.id().hex())))
                    .matches(newest -> newest.map(kept::contains).orElse(true));
        }
    }

    /** What a host adds with false times or without content never costs a good snapshot of before its life. */
    @Property(tries = 300)
    void liesAndRubbishPushNothingOut(@ForAll long seed) {
        Random random = new Random(seed);
        RetentionPolicy policy = Histories.policy(random);
        List<SnapshotFacts> good = Histories.year(random, Mishaps.NONE);
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        Instant now = Instant.parse("2027-11-29T00:00:00Z");
        Set<SnapshotFacts> kept =
                new HashSet<>(RetentionPlan.of(policy, good, zone, now).kept());
        List<SnapshotFacts> all = new ArrayList<>(good);
        for (int i = 0; i < 10 && !good.isEmpty(); i++) {
            SnapshotFacts some = good.get(random.nextInt(good.size()));
            Standing rubbish = List.of(Standing.FAILED, Standing.UNVERIFIED, Standing.SUSPICIOUS)
                    .get(random.nextInt(3));
            all.add(Histories.good(random.nextLong(), some.claimed().plusSeconds(1))
                    .with(rubbish));
        }
        assertThat(RetentionPlan.of(policy, all, zone, now).kept()).containsAll(kept);
    }

    /** A nightly backup and a policy that is applied after each, for a year with its two changes of the clock. */
    @Property(tries = 5)
    void aYearOfNightsKeepsSevenDaysFourWeeksTwelveMonths(@ForAll long seed) {
        Random random = new Random(seed);
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        Schedule schedule = new Schedule("30 2 * * *", zone, Duration.ZERO);
        List<SnapshotFacts> there = new ArrayList<>();
        Instant at = Instant.parse("2025-10-01T00:00:00Z");
        for (int night = 0; night < 400; night++) {
            at = schedule.next(at);
            there.add(Histories.good(night, at.plusSeconds(random.nextInt(600))));
            RetentionPlan plan = RetentionPlan.of(RetentionPolicy.DEFAULT, there, zone, at);
            assertThat(plan.isDrastic()).isFalse();
            there = new ArrayList<>(plan.kept());
        }
        Instant end = at;
        assertThat(there).hasSizeBetween(7 + 11, 7 + 4 + 12);
        for (int days = 0; days < 7; days++) {
            var day = end.atZone(zone).toLocalDate().minusDays(days);
            assertThat(there)
                    .anyMatch(
                            facts -> facts.claimed().atZone(zone).toLocalDate().equals(day));
        }
        Set<YearMonth> months = there.stream()
                .map(facts -> YearMonth.from(facts.claimed().atZone(zone)))
                .collect(Collectors.toSet());
        assertThat(months).hasSizeGreaterThanOrEqualTo(12);
    }
}
