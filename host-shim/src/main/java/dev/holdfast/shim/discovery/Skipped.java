package dev.holdfast.shim.discovery;

import dev.holdfast.shim.docker.Container;

/** A container that would not be backed up. */
public record Skipped(Container container, Reason reason, String why) {
    /** Why not, in kinds. */
    public enum Reason {
        /** Nothing says that it is a database. */
        NO_DATABASE,
        /** Someone said so: a label, or patterns that leave it out. */
        LEFT_OUT,
        /** Should be backed up and cannot be, because it does not run. */
        NOT_RUNNING,
        /** Should be backed up, and what says so contradicts itself or cannot be understood. */
        UNCLEAR;

        /** Whether someone should look: a run that meets it ends with warnings. */
        public boolean needsAttention() {
            return this == NOT_RUNNING || this == UNCLEAR;
        }
    }
}
