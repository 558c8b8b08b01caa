package dev.holdfast.core.freshness;

import java.time.Instant;
import java.util.Optional;

/**
 * What the catalog says of the runs of a source, or of the replications of a copy.
 *
 * @param active when the one that runs now was begun or queued; empty when none does
 * @param last how the newest finished one ended
 */
public record Runs(Optional<Instant> active, Optional<Outcome> last) {
    /** Nothing ever ran. */
    public static final Runs NONE = new Runs(Optional.empty(), Optional.empty());

    /** How a run ended. */
    public sealed interface Outcome {
        Instant began();

        Instant finished();
    }

    /** It says that it succeeded; whether it did is seen in the repository. */
    public record Succeeded(Instant began, Instant finished) implements Outcome {}

    /**
     * It failed.
     *
     * @param error for people, without secrets
     */
    public record Failed(Instant began, Instant finished, String error) implements Outcome {}

    Optional<Failed> failure() {
        return last.filter(Failed.class::isInstance).map(Failed.class::cast);
    }
}
