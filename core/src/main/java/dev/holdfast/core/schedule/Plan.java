package dev.holdfast.core.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happens now.
 *
 * @param starts in this order
 * @param waiting due, and held up; they are asked about again whenever a run ends
 * @param nextLook when the next source that is not due yet will be; empty when there is none
 */
public record Plan(List<Start> starts, List<Waiting> waiting, Optional<Instant> nextLook) {
    public Plan {
        starts = List.copyOf(starts);
        waiting = List.copyOf(waiting);
    }
}
