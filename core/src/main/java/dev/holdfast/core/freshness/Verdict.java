package dev.holdfast.core.freshness;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a subject stands, and what of it must be told.
 *
 * @param state the worst that can be said
 * @param newest the newest good snapshot
 * @param problems none with the same key. Empty for a copy that is old only because its origin is: the origin's problem says so
 */
public record Verdict(Subject subject, Freshness state, Optional<Instant> newest, List<Problem> problems) {
    public Verdict {
        problems = List.copyOf(problems);
    }
}
