package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.retention.RetentionPlan;
import java.io.IOException;

/** A policy would remove more than half of a source's snapshots in one go. Nothing was removed: it must be asked for twice. */
public final class DrasticPlanException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient RetentionPlan plan;

    public DrasticPlanException(SourceName source, RetentionPlan plan) {
        super("the policy would remove " + plan.deletions().size() + " of "
                + plan.verdicts().size() + " snapshots of " + source
                + ", more than half: nothing was removed. See the plan with: holdfast forget " + source
                + " --dry-run; if it is right, add --really");
        this.plan = plan;
    }

    public RetentionPlan plan() {
        return plan;
    }
}
