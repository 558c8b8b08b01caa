package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import java.io.IOException;

/** Starts a planned backup in a process of its own. */
@FunctionalInterface
public interface Starter {
    Child start(Backup backup) throws IOException;

    /** A backup at work. */
    interface Child {
        boolean isAlive();

        /** What it ended with, for people; after it has ended. */
        String end();

        /** Asks it to end. */
        void stop();
    }
}
