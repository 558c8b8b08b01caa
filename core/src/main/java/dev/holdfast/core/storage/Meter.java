package dev.holdfast.core.storage;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link StorageMetrics}; any thread may add. */
final class Meter {
    private final Map<StorageMetrics.Verb, Counters> verbs = new EnumMap<>(StorageMetrics.Verb.class);

    Meter() {
        for (StorageMetrics.Verb verb : StorageMetrics.Verb.values()) {
            verbs.put(verb, new Counters());
        }
    }

    Counters of(StorageMetrics.Verb verb) {
        Counters counters = verbs.get(verb);
        if (counters == null) {
            throw new IllegalStateException("no counters for " + verb);
        }
        return counters;
    }

    StorageMetrics snapshot() {
        Map<StorageMetrics.Verb, StorageMetrics.Figures> figures = new EnumMap<>(StorageMetrics.Verb.class);
        verbs.forEach((verb, counters) -> figures.put(verb, counters.figures()));
        return new StorageMetrics(figures);
    }

    /** One verb's. */
    static final class Counters {
        final LongAdder calls = new LongAdder();
        final LongAdder failures = new LongAdder();
        final LongAdder retries = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder nanos = new LongAdder();

        private StorageMetrics.Figures figures() {
            return new StorageMetrics.Figures(
                    calls.sum(), failures.sum(), retries.sum(), bytes.sum(), Duration.ofNanos(nanos.sum()));
        }
    }
}
