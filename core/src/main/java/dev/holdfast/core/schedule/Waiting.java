package dev.holdfast.core.schedule;

import dev.holdfast.core.model.SourceName;
import java.time.Instant;

/** A source that is due and does not start now. */
public record Waiting(SourceName source, Instant since, Reason reason) {
    /** What it waits for. */
    public enum Reason {
        /** The end of its own last run. */
        ITS_LAST_RUN,
        /** A free place in its group. */
        GROUP_FULL,
        /** A free place on the host. */
        HOST_FULL
    }
}
