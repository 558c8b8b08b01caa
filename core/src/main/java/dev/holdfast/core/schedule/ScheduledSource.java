package dev.holdfast.core.schedule;

import dev.holdfast.core.model.SourceName;
import java.time.Instant;
import java.util.Optional;

/**
 * A source that runs by a schedule, as far as the planner must know it.
 *
 * @param group it shares a limit with the others of its group; empty: only the host's limit counts
 * @param planned the due time of its last run, as {@link Start#due()} gave it, whatever became of that run; for a source that never ran, when it became known, so that its
 *     first run is at the next due time
 */
public record ScheduledSource(SourceName source, Schedule schedule, Optional<String> group, Instant planned) {
    /** When it starts next if nothing holds it up: the first due time after the last planned one, with its {@link Stagger}. */
    public Instant nextStart() {
        return schedule.next(planned).plus(Stagger.of(source, schedule.window()));
    }
}
