package dev.holdfast.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.retention.RetentionPlan.Fate;
import dev.holdfast.core.retention.RetentionPlan.Verdict;
import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private static RetentionPolicy daily(int days) {
        return new RetentionPolicy(0, 0, days, 0, 0, 0, Optional.empty());
    }

    private static List<String> told(RetentionPlan plan) {
        return plan.verdicts().stream()
                .map(verdict -> verdict.fate() + " " + String.join("; ", verdict.reasons()))
                .toList();
    }

    @Test
    void everySnapshotHasItsReason() {
        RetentionPlan plan = RetentionPlan.of(
                new RetentionPolicy(0, 0, 2, 1, 0, 0, Optional.empty()),
                List.of(
                        Histories.good(1, "2026-11-26T01:00:00Z"),
                        Histories.good(2, "2026-11-27T01:00:00Z"),
                        Histories.good(3, "2026-11-27T22:00:00Z"),
                        Histories.good(4, "2026-11-27T23:30:00Z")),
                BERLIN,
                NOW);
        assertThat(told(plan))
                .containsExactly(
                        "KEEP newest good one; daily 1 of 2 (2026-11-28); weekly 1 of 1 (2026-W48)",
                        "KEEP daily 2 of 2 (2026-11-27)",
                        "DELETE no rule keeps it",
                        "DELETE no rule keeps it");
        assertThat(plan.deletions()).extracting(facts -> facts.id().hex()).isSorted();
        assertThat(plan.isDrastic()).isFalse();
    }

    @Test
    void anHourThatComesTwiceIsTwoHours() {
        RetentionPlan plan = RetentionPlan.of(
                new RetentionPolicy(0, 5, 0, 0, 0, 0, Optional.empty()),
                List.of(Histories.good(1, "2026-10-25T00:30:00Z"), Histories.good(2, "2026-10-25T01:30:00Z")),
                BERLIN,
                NOW);
        assertThat(told(plan))
                .containsExactly(
                        "KEEP newest good one; hourly 1 of 5 (2026-10-25T02+01:00)",
                        "KEEP hourly 2 of 5 (2026-10-25T02+02:00)");
    }

    @Test
    void withoutAGoodSnapshotNothingGoes() {
        List<SnapshotFacts> bad = IntStream.range(0, 5)
                .mapToObj(i -> Histories.good(i, NOW.minus(Duration.ofDays(i))).with(Standing.FAILED))
                .toList();
        assertThat(told(RetentionPlan.of(daily(1), bad, BERLIN, NOW))).containsOnly("KEEP there is no good snapshot");
    }

    @Test
    void suspiciousAndUnverifiedTakeNobodysPlace() {
        SnapshotFacts old = Histories.good(1, "2026-11-27T02:00:00Z");
        SnapshotFacts good = Histories.good(2, "2026-11-28T02:00:00Z");
        SnapshotFacts small = Histories.good(3, "2026-11-28T14:00:00Z").with(Standing.SUSPICIOUS);
        SnapshotFacts unseen = Histories.good(4, "2026-11-29T02:00:00Z").with(Standing.UNVERIFIED);
        SnapshotFacts failed = Histories.good(5, "2026-11-27T03:00:00Z").with(Standing.FAILED);
        RetentionPlan plan = RetentionPlan.of(daily(2), List.of(old, good, small, unseen, failed), BERLIN, NOW);
        assertThat(told(plan))
                .containsExactly(
                        "KEEP unverified, not counted; daily 1 of 2 (2026-11-29)",
                        "KEEP suspiciously small, not counted; daily 1 of 2 (2026-11-28)",
                        "KEEP newest good one; daily 1 of 2 (2026-11-28)",
                        "DELETE failed, and a good one is newer",
                        "KEEP daily 2 of 2 (2026-11-27)");
    }

    @Test
    void holdsAndLocksStay() {
        SnapshotFacts held =
                with(Histories.good(1, "2026-01-01T00:00:00Z"), Optional.of("audit 2026"), Optional.empty());
        SnapshotFacts locked =
                with(Histories.good(2, "2026-01-02T00:00:00Z"), Optional.empty(), Optional.of(NOW.plusSeconds(1)));
        SnapshotFacts free = with(Histories.good(3, "2026-01-03T00:00:00Z"), Optional.empty(), Optional.of(NOW));
        SnapshotFacts newest = Histories.good(4, "2026-11-29T00:00:00Z");
        assertThat(told(RetentionPlan.of(daily(1), List.of(held, locked, free, newest), BERLIN, NOW)))
                .containsExactly(
                        "KEEP newest good one; daily 1 of 1 (2026-11-29)",
                        "DELETE no rule keeps it",
                        "KEEP locked until 2026-11-29T12:00:01Z",
                        "KEEP held: audit 2026");
    }

    private static SnapshotFacts with(SnapshotFacts facts, Optional<String> hold, Optional<Instant> lockedUntil) {
        return new SnapshotFacts(
                facts.id(), facts.claimed(), facts.stored(), facts.bytes(), facts.standing(), hold, lockedUntil);
    }

    /** A host that is taken over writes rubbish dated into every month of the past, as the newest of each. */
    @Test
    void backDatedSnapshotsPushNoGoodOneOut() {
        RetentionPolicy monthly = new RetentionPolicy(0, 0, 0, 0, 12, 0, Optional.empty());
        List<SnapshotFacts> all = new ArrayList<>();
        for (int month = 0; month < 11; month++) {
            all.add(Histories.good(month, "2026-%02d-20T02:00:00Z".formatted(month + 1)));
        }
        List<SnapshotFacts> honest = List.copyOf(all);
        for (int month = 0; month < 11; month++) {
            SnapshotFacts lie = Histories.good(100 + month, "2026-%02d-28T02:00:00Z".formatted(month + 1));
            all.add(new SnapshotFacts(
                    lie.id(), lie.claimed(), NOW, lie.bytes(), lie.standing(), Optional.empty(), Optional.empty()));
        }
        RetentionPlan plan = RetentionPlan.of(monthly, all, BERLIN, NOW);
        // November's slot is taken by rubbish that was really stored in November: that is what a last backup is
        assertThat(plan.kept()).containsAll(honest.subList(0, 10));
        assertThat(plan.verdicts().stream()
                        .filter(verdict -> verdict.snapshot().equals(honest.getFirst()))
                        .map(Verdict::reasons))
                .containsExactly(List.of("monthly 11 of 12 (2026-01) by the storage's time"));
    }

    @Test
    void snapshotsOfTheFuturePushNoGoodOneOut() {
        List<SnapshotFacts> all = new ArrayList<>();
        for (int day = 1; day <= 7; day++) {
            all.add(Histories.good(day, "2026-11-%02dT02:00:00Z".formatted(20 + day)));
        }
        List<SnapshotFacts> honest = List.copyOf(all);
        for (int day = 1; day <= 7; day++) {
            Instant stored = Instant.parse("2026-11-28T02:00:00Z");
            all.add(new SnapshotFacts(
                    Histories.id(100 + day),
                    Instant.parse("2099-01-%02dT02:00:00Z".formatted(day)),
                    stored,
                    1000,
                    Standing.GOOD,
                    Optional.empty(),
                    Optional.empty()));
        }
        assertThat(RetentionPlan.of(daily(8), all, BERLIN, NOW).kept()).containsAll(honest);
    }

    /** All objects of a repository that was copied are as new as the copy. */
    @Test
    void aRepositoryThatWasMovedKeepsItsHistory() {
        List<SnapshotFacts> moved = IntStream.rangeClosed(1, 28)
                .mapToObj(day -> Histories.good(day, "2026-11-%02dT02:00:00Z".formatted(day)))
                .map(facts -> new SnapshotFacts(
                        facts.id(), facts.claimed(), NOW, 1000, Standing.GOOD, Optional.empty(), Optional.empty()))
                .toList();
        assertThat(RetentionPlan.of(daily(7), moved, BERLIN, NOW).kept())
                .containsExactlyInAnyOrderElementsOf(moved.subList(21, 28));
    }

    @Test
    void moreThanHalfIsDrastic() {
        List<SnapshotFacts> four = IntStream.rangeClosed(1, 4)
                .mapToObj(day -> Histories.good(day, "2026-11-%02dT02:00:00Z".formatted(day)))
                .toList();
        assertThat(RetentionPlan.of(daily(1), four, BERLIN, NOW).isDrastic()).isTrue();
        assertThat(RetentionPlan.of(daily(2), four, BERLIN, NOW).isDrastic()).isFalse();
        assertThat(RetentionPlan.of(daily(2), List.of(), BERLIN, NOW).isDrastic())
                .isFalse();
        assertThat(RetentionPlan.of(daily(1), four, BERLIN, NOW).verdicts())
                .filteredOn(verdict -> verdict.fate() == Fate.KEEP)
                .hasSize(1);
    }
}
