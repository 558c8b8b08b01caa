package dev.holdfast.core.schedule;

import dev.holdfast.core.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which sources start. Values in, values out: a daemon and a function of a cloud ask the same question.
 *
 * <ul>
 *   <li>A source is due at each due time of its schedule plus its {@link Stagger}. Due times that passed while nobody looked are made up for by one
 *       run, which counts for the newest of them.
 *   <li>A source never runs twice at once: one that is due while it runs starts when it has ended, once.
 *   <li>Who is due longest starts first, by name among equals. A source that its full group holds up lets others pass.
 * </ul>
 */
public final class Planner {
    /** A planned time further ahead of now than clocks are set right by. */
    private static final Duration CLOCK_WAS_WRONG = Duration.ofDays(1);

    private final RunLimits limits;
    private final Set<SourceName> running = new HashSet<>();
    private final Map<String, Integer> runningOfGroup = new HashMap<>();
    private int runningOnHost;

    private Planner(RunLimits limits, List<RunningSource> runs) {
        this.limits = limits;
        runs.forEach(run -> take(run.source(), run.group()));
    }

    /**
     * Decides for this moment.
     *
     * @param sources each name once
     * @param runs everything that runs now, also what no schedule started
     */
    public static Plan plan(List<ScheduledSource> sources, List<RunningSource> runs, RunLimits limits, Instant now) {
        return new Planner(limits, runs).plan(sources, now);
    }

    private Plan plan(List<ScheduledSource> sources, Instant now) {
        List<Due> due = new ArrayList<>();
        Optional<Instant> nextLook = Optional.empty();
        for (ScheduledSource source : sources) {
            Optional<Due> found = Due.of(source, now);
            if (found.isPresent()) {
                due.add(found.get());
            } else {
                Instant next = source.nextStart();
                nextLook = Optional.of(
                        nextLook.filter(earlier -> earlier.isBefore(next)).orElse(next));
            }
        }
        due.sort(Comparator.comparing(Due::since)
                .thenComparing(each -> each.scheduled().source()));
        List<Start> starts = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        for (Due each : due) {
            SourceName source = each.scheduled().source();
            Optional<Waiting.Reason> obstacle = obstacle(each.scheduled());
            if (obstacle.isPresent()) {
                waiting.add(new Waiting(source, each.since(), obstacle.get()));
            } else {
                take(source, each.scheduled().group());
                starts.add(new Start(source, each.newest(), each.since()));
            }
        }
        return new Plan(starts, waiting, nextLook);
    }

    private Optional<Waiting.Reason> obstacle(ScheduledSource source) {
        if (running.contains(source.source())) {
            return Optional.of(Waiting.Reason.ITS_LAST_RUN);
        }
        if (source.group()
                .filter(group -> runningOfGroup.getOrDefault(group, 0) >= limits.of(group))
                .isPresent()) {
            return Optional.of(Waiting.Reason.GROUP_FULL);
        }
        return runningOnHost >= limits.host() ? Optional.of(Waiting.Reason.HOST_FULL) : Optional.empty();
    }

    private void take(SourceName source, Optional<String> group) {
        running.add(source);
        runningOnHost++;
        group.ifPresent(name -> runningOfGroup.merge(name, 1, Integer::sum));
    }

    /**
     * A source that should run now.
     *
     * @param newest the newest due time whose start has come
     * @param since when the oldest of them should have started
     */
    private record Due(ScheduledSource scheduled, Instant newest, Instant since) {
        static Optional<Due> of(ScheduledSource source, Instant now) {
            Duration offset = Stagger.of(source.source(), source.schedule().window());
            Instant upTo = now.minus(offset);
            if (source.planned().isAfter(now.plus(CLOCK_WAS_WRONG))) {
                // planned by a clock that ran ahead: one run too many is cheaper than none until then
                return Optional.of(new Due(source, upTo, now));
            }
            return source.schedule()
                    .latest(source.planned(), upTo)
                    .map(newest -> new Due(source, newest, source.nextStart()));
        }
    }
}
