package dev.holdfast.core.freshness;

import java.time.Duration;
import java.time.Instant;

/** How a subject stands. Each state has a sentence for people, which begins with the subject's name. */
public sealed interface Freshness {
    String reason();

    /** The word for it in a table, for example {@code DUE_SOON}. */
    default String word() {
        return switch (this) {
            case Fresh _ -> "FRESH";
            case Waiting _ -> "WAITING";
            case DueSoon _ -> "DUE_SOON";
            case Small _ -> "SMALL";
            case Missed _ -> "MISSED";
            case Failed _ -> "FAILED";
            case Stale _ -> "STALE";
            case Never _ -> "NEVER";
        };
    }

    /** The newest good snapshot is younger than the RPO, and nothing speaks against the next one. */
    record Fresh(Duration age, String reason) implements Freshness {}

    /** There is none yet, and the first run is still to come. */
    record Waiting(String reason) implements Freshness {}

    /** The RPO is kept, but will soon not be. */
    record DueSoon(Duration age, Instant breach, String reason) implements Freshness {}

    /** The RPO is kept, but the newest snapshot is suspiciously small. */
    record Small(Duration age, String reason) implements Freshness {}

    /** The RPO is kept, but a schedule did not fire, or a run left no snapshot. */
    record Missed(Duration age, String reason) implements Freshness {}

    /** The RPO is kept, but the last run failed. */
    record Failed(Duration age, String reason) implements Freshness {}

    /** The newest good snapshot is older than the RPO. */
    record Stale(Duration age, String reason) implements Freshness {}

    /** There is none, though there should be. */
    record Never(String reason) implements Freshness {}
}
