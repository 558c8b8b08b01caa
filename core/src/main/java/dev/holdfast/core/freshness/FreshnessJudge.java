package dev.holdfast.core.freshness;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Judges subjects by what is known about them. */
public final class FreshnessJudge {
    private final FreshnessPolicy policy;

    public FreshnessJudge(FreshnessPolicy policy) {
        this.policy = policy;
    }

    public Verdict judge(Evidence evidence, Instant now) {
        return switch (evidence) {
            case Evidence.OfSource source -> new SourceTrial(source, policy, now).verdict();
            case Evidence.OfCopy copy -> new CopyTrial(copy, policy, now).verdict();
        };
    }

    /** One verdict for each, in the same order. */
    public List<Verdict> judge(Collection<Evidence> evidence, Instant now) {
        return evidence.stream().map(each -> judge(each, now)).toList();
    }
}
