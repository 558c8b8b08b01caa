package dev.holdfast.core.retention;

import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds backups that are far smaller than they should be: a dump of an empty database is well-formed, and must not push out those that
 * hold the data.
 *
 * <p>A snapshot is suspicious when its streams have less than half the bytes of the median of the 7 good ones before it; with fewer than 3 there is no trend yet, and none is
 * suspicious. A median follows growth, and one odd backup does not move it.
 *
 * <p>Data that was deleted on purpose: when at least 5 suspicious ones follow each other without a good one between, over at least 3 days, and the smallest of them is at least half as
 * large as the largest, they are the new trend, and good, all of them.
 */
public final class SizeTrend {
    private static final int WINDOW = 7;
    private static final int TREND_AT_LEAST = 3;
    private static final int SERIES_AT_LEAST = 5;
    private static final Duration SERIES_LASTS = Duration.ofDays(3);

    private final Map<SnapshotFacts, Standing> judged = new HashMap<>();
    private final Deque<Long> window = new ArrayDeque<>();
    private final List<SnapshotFacts> series = new ArrayList<>();

    private SizeTrend() {}

    /** The same snapshots in the same order, with the suspicious among the good ones marked. */
    public static List<SnapshotFacts> judge(List<SnapshotFacts> snapshots) {
        SizeTrend trend = new SizeTrend();
        snapshots.stream()
                .filter(snapshot -> snapshot.standing() == Standing.GOOD)
                .sorted(Comparator.comparing(Timeline::settled)
                        .thenComparing(SnapshotFacts::claimed)
                        .thenComparing(snapshot -> snapshot.id().hex()))
                .forEach(trend::follow);
        return snapshots.stream()
                .map(snapshot -> snapshot.with(trend.judged.getOrDefault(snapshot, snapshot.standing())))
                .toList();
    }

    private void follow(SnapshotFacts snapshot) {
        if (window.size() < TREND_AT_LEAST || snapshot.bytes() >= median() / 2.0) {
            series.clear();
            push(snapshot);
            return;
        }
        judged.put(snapshot, Standing.SUSPICIOUS);
        series.add(snapshot);
        List<SnapshotFacts> alike = alike();
        if (isTrend(alike)) {
            window.clear();
            for (SnapshotFacts accepted : alike) {
                judged.remove(accepted);
                push(accepted);
            }
            series.clear();
        }
    }

    private void push(SnapshotFacts snapshot) {
        window.addLast(snapshot.bytes());
        if (window.size() > WINDOW) {
            window.removeFirst();
        }
    }

    /** The lower of the two middle ones of an even number: in doubt nothing is suspicious. */
    private long median() {
        List<Long> sorted = window.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /** The newest of the series, back to the first that is not of their size. */
    private List<SnapshotFacts> alike() {
        long smallest = Long.MAX_VALUE;
        long largest = 0;
        int first = series.size();
        while (first > 0) {
            long bytes = series.get(first - 1).bytes();
            smallest = Math.min(smallest, bytes);
            largest = Math.max(largest, bytes);
            if (smallest < largest / 2.0) {
                break;
            }
            first--;
        }
        return series.subList(first, series.size());
    }

    private static boolean isTrend(List<SnapshotFacts> alike) {
        return alike.size() >= SERIES_AT_LEAST
                && !Timeline.settled(alike.getFirst()).plus(SERIES_LASTS).isAfter(Timeline.settled(alike.getLast()));
    }
}
