package dev.holdfast.core.storage;

import java.time.Duration;
import java.util.Map;

/** What a {@link Storage} has done so far, by verb. */
public record StorageMetrics(Map<Verb, Figures> verbs) {
    /** The calls of a storage. */
    public enum Verb {
        PUT,
        GET,
        STAT,
        LIST,
        DELETE,
        LOCK
    }

    /**
     * The figures of one verb since the storage was opened.
     *
     * @param calls asked for by callers, repetitions not counted; pages for LIST
     * @param failures calls that failed in the end
     * @param retries repetitions, also of a stream that broke in the middle
     * @param bytes content moved: put whole, or read from a stream
     * @param time spent in calls, in their waits, and in reading streams, over all threads
     */
    public record Figures(long calls, long failures, long retries, long bytes, Duration time) {}

    public StorageMetrics {
        verbs = Map.copyOf(verbs);
    }

    /** The figures of one verb. */
    public Figures of(Verb verb) {
        Figures figures = verbs.get(verb);
        return figures == null ? new Figures(0, 0, 0, 0, Duration.ZERO) : figures;
    }
}
