package dev.holdfast.core.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.freshness.Problem.Kind;
import dev.holdfast.core.model.Severity;
import dev.holdfast.core.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreshnessJudgeTest {
    private static final Instant NIGHT = Instant.parse("2026-11-28T02:00:00Z");
    private static final Duration RPO = Duration.ofHours(26);
    private static final Subject DB = Subject.source("shop", new SourceName("shop-db"));
    private static final Subject COPY = Subject.copy("shop", new SourceName("shop-db"), "offsite");
    private static final FreshnessJudge JUDGE = new FreshnessJudge(FreshnessPolicy.DEFAULT);

    /** Nightly at two, spread over half an hour. */
    private static Optional<Timing> due(Instant time) {
        return Optional.of(new Timing(time, Duration.ofMinutes(30)));
    }

    private static Instant hours(double after) {
        return NIGHT.plusSeconds((long) (after * 3600));
    }

    private static Runs succeeded(Instant began) {
        return new Runs(Optional.empty(), Optional.of(new Runs.Succeeded(began, began.plusSeconds(600))));
    }

    private static Runs failed(Instant began, String error) {
        return new Runs(Optional.empty(), Optional.of(new Runs.Failed(began, began.plusSeconds(600), error)));
    }

    private static Evidence source(List<Instant> good, Runs runs, Optional<Timing> timing) {
        return new Evidence.OfSource(DB, RPO, good, Optional.empty(), runs, timing);
    }

    private static Verdict judge(Evidence evidence, Instant now) {
        Verdict verdict = JUDGE.judge(evidence, now);
        assertThat(verdict.state().reason()).startsWith(evidence.subject().title() + ": ");
        assertThat(verdict.problems()).extracting(Problem::key).doesNotHaveDuplicates();
        return verdict;
    }

    private static List<Kind> kinds(Verdict verdict) {
        return verdict.problems().stream().map(Problem::kind).toList();
    }

    @Test
    void aSourceThatRunsEveryNightNeverAlarms() {
        for (int minute = 0; minute < 24 * 60; minute++) {
            Instant now = NIGHT.plusSeconds(60L * minute);
            // The next run begins anywhere in its window and takes ten minutes.
            Verdict verdict = judge(source(List.of(NIGHT), succeeded(NIGHT), due(hours(24))), now);
            assertThat(verdict.state()).as(now.toString()).isInstanceOf(Freshness.Fresh.class);
            assertThat(verdict.problems()).isEmpty();
        }
        Instant late = hours(24.4);
        assertThat(judge(source(List.of(NIGHT), succeeded(NIGHT), due(hours(24))), late)
                        .state())
                .as("due, but still within its window")
                .isInstanceOf(Freshness.Fresh.class);
        Runs running = new Runs(Optional.of(late), succeeded(NIGHT).last());
        assertThat(judge(source(List.of(NIGHT), running, due(hours(48))), hours(25.5))
                        .state())
                .as("under way")
                .isInstanceOf(Freshness.Fresh.class);
    }

    @Test
    void tooOldSaysHowOldAndWhatWasPromised() {
        Verdict verdict = judge(source(List.of(NIGHT, hours(-24)), succeeded(NIGHT), due(hours(48))), hours(31));
        assertThat(verdict.state()).isInstanceOf(Freshness.Stale.class);
        assertThat(verdict.state().reason()).isEqualTo("shop-db: newest good backup is 31 h old, promised 26 h");
        assertThat(verdict.newest()).contains(NIGHT);
        assertThat(verdict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("age:shop/shop-db");
            assertThat(problem.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(problem.title()).isEqualTo("shop-db: backup too old");
        });
        assertThat(Overall.of(List.of(verdict))).isEqualTo(Overall.BREACHED);
    }

    @Test
    void theBreachIsExact() {
        Evidence evidence = source(List.of(NIGHT), succeeded(NIGHT), due(hours(48)));
        assertThat(judge(evidence, NIGHT.plus(RPO)).state()).isInstanceOf(Freshness.DueSoon.class);
        Verdict breached = judge(evidence, NIGHT.plus(RPO).plusSeconds(1));
        assertThat(breached.state()).isInstanceOf(Freshness.Stale.class);
        assertThat(breached.state().reason()).contains("26 h 0 min old, promised 26 h");
    }

    @Test
    void theWarningComesBeforeTheBreachWhenNoRunComesInTime() {
        Evidence nextTooLate = source(List.of(NIGHT), succeeded(NIGHT), due(hours(48)));
        assertThat(judge(nextTooLate, hours(20.7)).state()).isInstanceOf(Freshness.Fresh.class);
        Verdict warned = judge(nextTooLate, hours(20.9));
        assertThat(warned.state()).isInstanceOf(Freshness.DueSoon.class);
        assertThat(warned.state().reason())
                .isEqualTo("shop-db: newest good backup is 20 h old, promised 26 h; it is too old from"
                        + " 2026-11-29 04:00 UTC on, and the next run is due only at 2026-11-30 02:00 UTC");
        assertThat(warned.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).as("the same as that of the breach").isEqualTo("age:shop/shop-db");
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
        });
        Evidence byHand = source(List.of(NIGHT), succeeded(NIGHT), Optional.empty());
        assertThat(judge(byHand, hours(21)).state().reason()).endsWith("and no schedule names a next run");
        Overall overall = Overall.of(List.of(warned));
        assertThat(overall).isEqualTo(Overall.ATTENTION);
        assertThat(overall.exitCode()).isEqualTo(3);
    }

    @Test
    void afterAFailureTheNextRunIsNotTrusted() {
        Evidence evidence = source(List.of(NIGHT), failed(hours(19), "pg_dump: no\nroute"), due(hours(24)));
        Verdict verdict = judge(evidence, hours(21));
        assertThat(verdict.state()).isInstanceOf(Freshness.Failed.class);
        assertThat(verdict.state().reason())
                .isEqualTo("shop-db: the last run failed at 2026-11-28 21:10 UTC: pg_dump: no route");
        assertThat(kinds(verdict)).containsExactly(Kind.AGE, Kind.RUN);
        assertThat(judge(evidence, hours(20)).problems())
                .extracting(Problem::key)
                .containsExactly("run:shop/shop-db");
        Verdict stale = judge(evidence, hours(27));
        assertThat(stale.state()).isInstanceOf(Freshness.Stale.class);
        assertThat(stale.state().reason())
                .contains("27 h old")
                .contains("the last run failed")
                .contains("no route");
    }

    @Test
    void theRepositoryIsBelievedBeforeExitCodes() {
        Verdict laterOne = judge(source(List.of(hours(20)), failed(hours(19), "x"), due(hours(24))), hours(21));
        assertThat(laterOne.state()).as("a good snapshot after the failure").isInstanceOf(Freshness.Fresh.class);
        Verdict lost = judge(source(List.of(NIGHT), succeeded(hours(19)), due(hours(24))), hours(20));
        assertThat(lost.state()).isInstanceOf(Freshness.Missed.class);
        assertThat(lost.problems()).extracting(Problem::key).containsExactly("lost:shop/shop-db");
        Verdict nothing = judge(source(List.of(), succeeded(NIGHT), due(hours(24))), hours(1));
        assertThat(nothing.state()).isInstanceOf(Freshness.Never.class);
        assertThat(kinds(nothing)).containsExactly(Kind.AGE, Kind.LOST);
    }

    @Test
    void aScheduleThatDidNotFire() {
        Evidence evidence = source(List.of(NIGHT), succeeded(NIGHT), due(hours(12)));
        assertThat(judge(evidence, hours(13.5)).problems())
                .as("window and grace")
                .isEmpty();
        Verdict missed = judge(evidence, hours(13.6));
        assertThat(missed.state()).isInstanceOf(Freshness.Missed.class);
        assertThat(missed.state().reason()).contains("the run that was due at 2026-11-28 14:00 UTC did not begin");
        assertThat(missed.problems()).extracting(Problem::key).containsExactly("schedule:shop/shop-db");
        Runs queued = new Runs(Optional.of(hours(12)), succeeded(NIGHT).last());
        assertThat(judge(source(List.of(NIGHT), queued, due(hours(12))), hours(14))
                        .problems())
                .isEmpty();
        Verdict byHand = judge(source(List.of(hours(13)), succeeded(NIGHT), due(hours(12))), hours(14));
        assertThat(byHand.problems()).as("somebody ran it by hand").isEmpty();
        assertThat(kinds(judge(evidence, hours(20.9)))).as("no longer calm").containsExactly(Kind.AGE, Kind.SCHEDULE);
    }

    @Test
    void aSmallOneIsToldAndDoesNotCount() {
        Evidence evidence = new Evidence.OfSource(
                DB,
                RPO,
                List.of(NIGHT),
                Optional.of(new SmallSnapshot(hours(24), 12_345, 1_200_000_000)),
                succeeded(hours(24)),
                due(hours(48)));
        Verdict early = judge(evidence, hours(24.5));
        assertThat(early.state()).isInstanceOf(Freshness.Small.class);
        assertThat(early.state().reason())
                .isEqualTo("shop-db: the backup of 2026-11-29 02:00 UTC is only 12.3 kB, usual are 1.2 GB;"
                        + " it does not count as good");
        assertThat(kinds(early)).as("too old soon, and nothing good in sight").containsExactly(Kind.AGE, Kind.SIZE);
        assertThat(judge(evidence, hours(27)).state()).isInstanceOf(Freshness.Stale.class);
        Evidence only = new Evidence.OfSource(
                DB, RPO, List.of(), Optional.of(new SmallSnapshot(NIGHT, 0, 1)), succeeded(NIGHT), due(hours(24)));
        assertThat(judge(only, hours(1)).state()).isInstanceOf(Freshness.Never.class);
        Evidence cured = new Evidence.OfSource(
                DB,
                RPO,
                List.of(hours(25)),
                Optional.of(new SmallSnapshot(hours(24), 1, 1000)),
                succeeded(hours(25)),
                due(hours(48)));
        assertThat(judge(cured, hours(26)).problems()).isEmpty();
    }

    @Test
    void aNewSourceWaitsForItsFirstRun() {
        Verdict waiting = judge(source(List.of(), Runs.NONE, due(hours(24))), hours(1));
        assertThat(waiting.state()).isInstanceOf(Freshness.Waiting.class);
        assertThat(waiting.state().reason())
                .isEqualTo("shop-db: no backup yet; the first run is due at 2026-11-29 02:00 UTC");
        assertThat(waiting.problems()).isEmpty();
        assertThat(Overall.of(List.of(waiting))).isEqualTo(Overall.FINE);
        Runs running = new Runs(Optional.of(hours(24)), Optional.empty());
        assertThat(judge(source(List.of(), running, due(hours(48))), hours(30)).state())
                .isInstanceOf(Freshness.Waiting.class);
        Verdict missed = judge(source(List.of(), Runs.NONE, due(NIGHT)), hours(2));
        assertThat(missed.state()).isInstanceOf(Freshness.Never.class);
        assertThat(kinds(missed)).containsExactly(Kind.AGE, Kind.SCHEDULE);
        Verdict failed = judge(source(List.of(), failed(NIGHT, "no such user"), due(hours(24))), hours(1));
        assertThat(failed.state()).isInstanceOf(Freshness.Never.class);
        assertThat(failed.state().reason()).contains("no such user");
        assertThat(judge(source(List.of(), Runs.NONE, Optional.empty()), NIGHT).state())
                .isInstanceOf(Freshness.Never.class);
    }

    @Test
    void aHostThatLiesAboutTheTimeDoesNotLookFreshForEver() {
        Instant future = hours(24 * 400);
        Verdict verdict = judge(source(List.of(NIGHT, future), succeeded(NIGHT), due(hours(48))), hours(27));
        assertThat(verdict.state()).isInstanceOf(Freshness.Stale.class);
        assertThat(verdict.state().reason()).contains("do not count");
        assertThat(verdict.newest()).contains(NIGHT);
        Verdict alone = judge(source(List.of(future), Runs.NONE, due(hours(24))), hours(1));
        assertThat(alone.state()).isInstanceOf(Freshness.Never.class);
        Verdict skewed = judge(source(List.of(hours(0.1)), Runs.NONE, due(hours(24))), NIGHT);
        assertThat(skewed.state())
                .isEqualTo(
                        new Freshness.Fresh(Duration.ZERO, "shop-db: newest good backup is 0 min old, promised 26 h"));
    }

    @Test
    void aCopyFollowsItsOrigin() {
        assertThat(copy(List.of(NIGHT), List.of(NIGHT), Runs.NONE, 22)).isEqualTo("FRESH []");
        assertThat(copy(List.of(NIGHT), List.of(NIGHT), Runs.NONE, 27))
                .as("the origin's fault")
                .isEqualTo("STALE []");
        assertThat(copy(List.of(), List.of(), Runs.NONE, 22)).isEqualTo("WAITING []");
        List<Instant> two = List.of(NIGHT, hours(24));
        assertThat(copy(List.of(NIGHT), two, Runs.NONE, 24.5))
                .as("has just begun to lag")
                .isEqualTo("FRESH []");
        assertThat(copy(List.of(NIGHT), two, Runs.NONE, 25.5)).isEqualTo("DUE_SOON [AGE WARNING]");
        Runs active = new Runs(Optional.of(hours(24.2)), Optional.empty());
        assertThat(copy(List.of(NIGHT), two, active, 25.5)).isEqualTo("FRESH []");
        assertThat(copy(List.of(NIGHT), two, active, 27)).isEqualTo("STALE [AGE CRITICAL]");
        Runs broken = failed(hours(24.1), "403");
        assertThat(copy(List.of(NIGHT), two, broken, 24.5)).isEqualTo("FAILED [AGE WARNING, RUN WARNING]");
        assertThat(copy(List.of(NIGHT), two, broken, 27)).isEqualTo("STALE [AGE CRITICAL, RUN WARNING]");
        assertThat(copy(two, two, broken, 27)).as("whole after all").isEqualTo("FRESH []");
        assertThat(copy(List.of(), two, broken, 24.5)).isEqualTo("NEVER [AGE CRITICAL, RUN WARNING]");
        assertThat(copy(List.of(), two, active, 30)).isEqualTo("WAITING []");
        assertThat(copy(List.of(), two, Runs.NONE, 30)).isEqualTo("NEVER [AGE CRITICAL]");
    }

    private static String copy(List<Instant> good, List<Instant> origin, Runs replications, double hour) {
        Verdict verdict = judge(new Evidence.OfCopy(COPY, RPO, good, origin, replications), hours(hour));
        assertThat(verdict.problems()).allSatisfy(each -> assertThat(each.key()).endsWith(":shop/shop-db@offsite"));
        return verdict.state().word() + " "
                + verdict.problems().stream()
                        .map(each -> each.kind() + " " + each.severity())
                        .toList();
    }

    @Test
    void namesThatLookLikeKeysStayApart() {
        SourceName source = new SourceName("c");
        assertThat(List.of(
                        new Subject("a/b", Optional.of(source), Optional.empty()).key(),
                        new Subject("a", Optional.of(source), Optional.of("b")).key(),
                        new Subject("a", Optional.of(source), Optional.of("b@d")).key(),
                        new Subject("a@b", Optional.of(source), Optional.empty()).key(),
                        new Subject("a", Optional.empty(), Optional.empty()).key()))
                .containsExactly("a%2Fb/c", "a/c@b", "a/c@b%40d", "a%40b/c", "a/");
        assertThatThrownBy(() -> new Subject(" ", Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timesAreToldInTheZoneOfThePeople() {
        FreshnessJudge berlin = new FreshnessJudge(FreshnessPolicy.DEFAULT.withZone(ZoneId.of("Europe/Berlin")));
        Verdict verdict = berlin.judge(source(List.of(), Runs.NONE, due(hours(24))), NIGHT);
        assertThat(verdict.state().reason()).endsWith("2026-11-29 03:00 CET");
    }

    @Test
    void theWorstVerdictDecides() {
        Verdict fine = judge(source(List.of(NIGHT), succeeded(NIGHT), due(hours(24))), hours(1));
        Verdict failed = judge(source(List.of(NIGHT), failed(hours(1), "x"), due(hours(24))), hours(2));
        Verdict stale = judge(source(List.of(NIGHT), succeeded(NIGHT), due(hours(24))), hours(100));
        assertThat(Overall.of(List.of())).isEqualTo(Overall.FINE);
        assertThat(Overall.of(List.of(fine, failed))).isEqualTo(Overall.ATTENTION);
        assertThat(Overall.of(List.of(stale, fine, failed)).exitCode()).isEqualTo(1);
        assertThat(JUDGE.judge(List.of(source(List.of(), Runs.NONE, due(hours(1)))), NIGHT))
                .hasSize(1);
    }
}
