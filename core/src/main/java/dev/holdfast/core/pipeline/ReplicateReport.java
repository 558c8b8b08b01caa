package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import java.util.List;

/**
 * What a pass of copying did. What it left off is begun where it ended by the next one: the place is kept by what is in the copy.
 *
 * @param copied snapshots that the copy has now and had not before, in the order they were copied
 * @param packs copied, also those of snapshots that are not whole yet
 * @param bytes of these packs
 * @param locksExtended objects whose lock was lengthened
 * @param vanished snapshots that were removed from the source meanwhile
 * @param problems each names an object and what is wrong with it; its snapshot was not copied, others were
 * @param left snapshots that are still to be copied because the pass was stopped, newest first
 */
public record ReplicateReport(
        List<ObjectKey> copied,
        int packs,
        long bytes,
        int locksExtended,
        int vanished,
        List<String> problems,
        List<ObjectKey> left) {
    public ReplicateReport {
        copied = List.copyOf(copied);
        problems = List.copyOf(problems);
        left = List.copyOf(left);
    }

    /** Whether the copy has all that was asked for. */
    public boolean isComplete() {
        return problems.isEmpty() && left.isEmpty();
    }
}
