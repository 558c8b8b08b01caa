package dev.holdfast.core.freshness;

import dev.holdfast.core.freshness.Problem.Kind;
import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The judgement of one copy. It has no schedule of its own: it follows its origin, so what the origin lacks is not its fault. */
final class CopyTrial {
    private final Evidence.OfCopy evidence;
    private final FreshnessPolicy policy;
    private final Instant now;
    private final Snapshots good;
    private final Snapshots origin;
    private final String title;

    CopyTrial(Evidence.OfCopy evidence, FreshnessPolicy policy, Instant now) {
        this.evidence = evidence;
        this.policy = policy;
        this.now = now;
        this.good = new Snapshots(evidence.good(), policy, now);
        this.origin = new Snapshots(evidence.origin(), policy, now);
        this.title = evidence.subject().title();
    }

    Verdict verdict() {
        Optional<Problem> failed = failed();
        Freshness byAge = byAge();
        List<Problem> problems = new ArrayList<>();
        switch (byAge) {
            case Freshness.Never _ -> problems.add(problem(Kind.AGE, Severity.CRITICAL, byAge.reason()));
            case Freshness.Stale _ when lags() -> problems.add(problem(Kind.AGE, Severity.CRITICAL, byAge.reason()));
            case Freshness.DueSoon _ -> problems.add(problem(Kind.AGE, Severity.WARNING, byAge.reason()));
            default -> {}
        }
        failed.ifPresent(problems::add);
        boolean kept = good.newest().isPresent() && !(byAge instanceof Freshness.Stale);
        Freshness state = kept && failed.isPresent()
                ? new Freshness.Failed(age(), failed.get().reason())
                : byAge;
        return new Verdict(evidence.subject(), state, good.newest(), problems);
    }

    private Freshness byAge() {
        if (good.newest().isEmpty()) {
            if (origin.newest().isEmpty()) {
                return new Freshness.Waiting(title + ": nothing to copy yet" + good.remark());
            }
            return failed().isEmpty() && isFollowing()
                    ? new Freshness.Waiting(title + ": the first copy is under way" + good.remark())
                    : new Freshness.Never(title + ": there is no good backup, though the repository has one" + cause()
                            + good.remark());
        }
        Duration age = age();
        String sentence = title + ": newest good backup is " + Words.lengthBeside(age, evidence.rpo())
                + " old, promised " + Words.length(evidence.rpo());
        if (age.compareTo(evidence.rpo()) > 0) {
            String why = lags() ? cause() : "; the repository has no newer one";
            return new Freshness.Stale(age, sentence + why + good.remark());
        }
        boolean calm = !lags() || (failed().isEmpty() && isFollowing());
        if (age.compareTo(policy.warnAge(evidence.rpo())) >= 0 && !calm) {
            Instant breach = good.newest().orElseThrow().plus(evidence.rpo());
            return new Freshness.DueSoon(
                    age,
                    breach,
                    sentence + "; it is too old from " + Words.time(breach, policy.zone())
                            + " on, and the repository has a newer one" + good.remark());
        }
        return new Freshness.Fresh(age, sentence + good.remark());
    }

    private Duration age() {
        return Snapshots.age(good.newest().orElseThrow(), now);
    }

    /** Whether the repository has a newer one. */
    private boolean lags() {
        return origin.newest()
                .filter(each ->
                        good.newest().isEmpty() || each.isAfter(good.newest().get()))
                .isPresent();
    }

    /** A replication is under way, or the newest snapshot is so new that one need not have begun. */
    private boolean isFollowing() {
        return evidence.replications().active().isPresent() || origin.hasAfter(now.minus(policy.grace()));
    }

    private String cause() {
        return failed().map(_ -> "; " + lastFailure()).orElse("");
    }

    private String lastFailure() {
        return evidence.replications()
                .failure()
                .map(each -> "the last replication failed at " + Words.time(each.finished(), policy.zone()) + ": "
                        + Words.brief(each.error()))
                .orElse("");
    }

    /** A failure after which the copy became whole nevertheless is none. */
    private Optional<Problem> failed() {
        return evidence.replications()
                .failure()
                .filter(_ -> lags())
                .map(_ -> problem(Kind.RUN, Severity.WARNING, title + ": " + lastFailure()));
    }

    private Problem problem(Kind kind, Severity severity, String reason) {
        return new Problem(evidence.subject(), kind, severity, reason);
    }
}
