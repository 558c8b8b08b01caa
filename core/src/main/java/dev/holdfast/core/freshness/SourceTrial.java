package dev.holdfast.core.freshness;

import dev.holdfast.core.freshness.Problem.Kind;
import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The judgement of one source. */
final class SourceTrial {
    private final Evidence.OfSource evidence;
    private final FreshnessPolicy policy;
    private final Instant now;
    private final Snapshots good;
    private final String title;

    SourceTrial(Evidence.OfSource evidence, FreshnessPolicy policy, Instant now) {
        this.evidence = evidence;
        this.policy = policy;
        this.now = now;
        this.good = new Snapshots(evidence.good(), policy, now);
        this.title = evidence.subject().title();
    }

    Verdict verdict() {
        Optional<Problem> failed = failed();
        Optional<Problem> missed = missed();
        Optional<Problem> lost = lost();
        Optional<Problem> small = small();
        List<Problem> problems = new ArrayList<>();
        List.of(failed, missed, lost, small).forEach(each -> each.ifPresent(problems::add));
        Freshness byAge = byAge(problems);
        switch (byAge) {
            case Freshness.Never _, Freshness.Stale _ ->
                problems.addFirst(problem(Kind.AGE, Severity.CRITICAL, byAge.reason()));
            case Freshness.DueSoon _ -> problems.addFirst(problem(Kind.AGE, Severity.WARNING, byAge.reason()));
            default -> {}
        }
        Freshness state = byAge;
        if (good.newest().isPresent() && !(byAge instanceof Freshness.Stale)) {
            Duration age = Snapshots.age(good.newest().get(), now);
            state = failed.<Freshness>map(each -> new Freshness.Failed(age, each.reason()))
                    .or(() -> missed.or(() -> lost).map(each -> new Freshness.Missed(age, each.reason())))
                    .or(() -> small.map(each -> new Freshness.Small(age, each.reason())))
                    .orElse(byAge);
        }
        return new Verdict(evidence.subject(), state, good.newest(), problems);
    }

    /** @param others what else is wrong: a next run is trusted only if nothing is */
    private Freshness byAge(List<Problem> others) {
        if (good.newest().isEmpty()) {
            return withoutAny(others);
        }
        Instant newest = good.newest().get();
        Duration age = Snapshots.age(newest, now);
        Instant breach = newest.plus(evidence.rpo());
        String sentence = title + ": newest good backup is " + Words.lengthBeside(age, evidence.rpo())
                + " old, promised " + Words.length(evidence.rpo());
        if (age.compareTo(evidence.rpo()) > 0) {
            return new Freshness.Stale(age, sentence + cause() + good.remark());
        }
        boolean calm = others.isEmpty() && nextComesBefore(breach);
        if (age.compareTo(policy.warnAge(evidence.rpo())) >= 0 && !calm) {
            String limit = sentence + "; it is too old from " + Words.time(breach, policy.zone()) + " on";
            return new Freshness.DueSoon(age, breach, limit + next(breach) + good.remark());
        }
        return new Freshness.Fresh(age, sentence + good.remark());
    }

    private Freshness withoutAny(List<Problem> others) {
        boolean begun = evidence.runs().active().isPresent();
        boolean planned = evidence.timing().isPresent();
        if (others.isEmpty() && good.remark().isEmpty() && (begun || planned)) {
            String when = begun
                    ? "the first run is under way"
                    : "the first run is due at "
                            + Words.time(evidence.timing().get().due(), policy.zone());
            return new Freshness.Waiting(title + ": no backup yet; " + when);
        }
        return new Freshness.Never(title + ": there is no good backup" + cause() + good.remark());
    }

    /** A run that is under way, or that comes in time, will make an end of it. */
    private boolean nextComesBefore(Instant breach) {
        return evidence.runs().active().isPresent()
                || evidence.timing()
                        .filter(each -> each.latest().isBefore(breach))
                        .isPresent();
    }

    private String next(Instant breach) {
        if (evidence.timing().isEmpty()) {
            return ", and no schedule names a next run";
        }
        Timing timing = evidence.timing().get();
        return timing.latest().isBefore(breach)
                ? ""
                : ", and the next run is due only at " + Words.time(timing.due(), policy.zone());
    }

    private String cause() {
        return failed().map(each -> "; " + lastFailure()).orElse("");
    }

    private String lastFailure() {
        return evidence.runs()
                .failure()
                .map(each -> "the last run failed at " + Words.time(each.finished(), policy.zone()) + ": "
                        + Words.brief(each.error()))
                .orElse("");
    }

    private Optional<Problem> failed() {
        return evidence.runs()
                .failure()
                .filter(each -> !good.hasAfter(each.finished()))
                .map(_ -> problem(Kind.RUN, Severity.WARNING, title + ": " + lastFailure()));
    }

    private Optional<Problem> missed() {
        if (evidence.runs().active().isPresent()) {
            return Optional.empty();
        }
        return evidence.timing()
                .filter(each -> each.latest().plus(policy.grace()).isBefore(now))
                .filter(each -> !good.hasAfter(each.due()))
                .map(each -> problem(
                        Kind.SCHEDULE,
                        Severity.WARNING,
                        title + ": the run that was due at " + Words.time(each.due(), policy.zone())
                                + " did not begin; is the daemon running?"));
    }

    private Optional<Problem> lost() {
        return evidence.runs()
                .last()
                .filter(Runs.Succeeded.class::isInstance)
                .filter(each -> !leftSnapshot(each.began()))
                .map(each -> problem(
                        Kind.LOST,
                        Severity.WARNING,
                        title + ": the run that ended at " + Words.time(each.finished(), policy.zone())
                                + " succeeded, but the repository has no good snapshot of it"));
    }

    private boolean leftSnapshot(Instant began) {
        Instant earliest = began.minus(policy.clockSkew());
        return good.hasAfter(earliest)
                || evidence.small()
                        .filter(each -> each.taken().isAfter(earliest))
                        .isPresent();
    }

    private Optional<Problem> small() {
        return evidence.small()
                .filter(each -> !good.hasAfter(each.taken()))
                .map(each -> problem(
                        Kind.SIZE,
                        Severity.WARNING,
                        title + ": the backup of " + Words.time(each.taken(), policy.zone()) + " is only "
                                + Words.size(each.bytes()) + ", usual are " + Words.size(each.usualBytes())
                                + "; it does not count as good"));
    }

    private Problem problem(Kind kind, Severity severity, String reason) {
        return new Problem(evidence.subject(), kind, severity, reason);
    }
}
