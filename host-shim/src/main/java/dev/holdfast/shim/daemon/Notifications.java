package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.config.Configuration;
import java.io.IOException;
import java.time.Instant;

/** Where people hear of runs and problems. */
public interface Notifications {
    void started(Configuration configuration, Backup backup);

    /** A run whose record is final. */
    void ended(Configuration configuration, Backup backup);

    /** What is wrong now: news of it go out once, and so does its end. */
    void judged(Configuration configuration, Outlook.Seen seen, Instant now) throws IOException;
}
