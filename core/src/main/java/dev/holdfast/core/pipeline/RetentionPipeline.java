package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.ForgetPipeline.Forgotten;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.retention.RetentionPlan;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.SnapshotFacts;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Applies a policy to a source. The caller holds the source's lease for {@link #run}. */
public final class RetentionPipeline {
    private final Repository repository;
    private final Holds holds;
    private final SnapshotSurvey.Locks locks;
    private final Clock clock;

    public RetentionPipeline(Repository repository, Holds holds, SnapshotSurvey.Locks locks, Clock clock) {
        this.repository = repository;
        this.holds = holds;
        this.locks = locks;
        this.clock = clock;
    }

    /** How often the removal of more than half of a source's snapshots was asked for. */
    public enum Insistence {
        ONCE,
        /** Someone saw the plan and wants it. */
        TWICE
    }

    /** What was decided, and what was removed by it. */
    public record Result(RetentionPlan plan, Forgotten forgotten) {}

    /** Only decides. */
    public RetentionPlan plan(SourceName source, RetentionPolicy policy, ZoneId zone) throws IOException {
        return plan(survey(source), policy, zone);
    }

    /**
     * Decides and removes: snapshots oldest first, then the packs that nothing needs any more.
     *
     * @throws DrasticPlanException when more than half would go and that was asked for once: nothing was removed
     */
    public Result run(SourceName source, RetentionPolicy policy, ZoneId zone, Insistence insistence, CommitGuard guard)
            throws IOException {
        SnapshotSurvey survey = survey(source);
        RetentionPlan plan = plan(survey, policy, zone);
        if (plan.isDrastic() && insistence == Insistence.ONCE) {
            throw new DrasticPlanException(source, plan);
        }
        List<Snapshot> deletions = new ArrayList<>();
        Map<?, String> heldSince = plan.deletions().isEmpty() ? Map.of() : holds.reasons(source);
        for (SnapshotFacts facts : plan.deletions()) {
            // a hold that another host placed while this one read the snapshots
            if (!heldSince.containsKey(facts.id())) {
                deletions.add(Objects.requireNonNull(survey.snapshots().get(facts.id())));
            }
        }
        Forgotten forgotten = deletions.isEmpty()
                ? new Forgotten(0, 0, 0)
                : new ForgetPipeline(repository, clock).forgetAll(source, deletions, guard);
        return new Result(plan, forgotten);
    }

    private SnapshotSurvey survey(SourceName source) throws IOException {
        return SnapshotSurvey.of(repository, holds, locks, source);
    }

    private RetentionPlan plan(SnapshotSurvey survey, RetentionPolicy policy, ZoneId zone) {
        return RetentionPlan.of(policy, survey.facts(), zone, clock.instant());
    }
}
