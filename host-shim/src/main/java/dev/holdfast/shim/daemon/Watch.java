package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.config.Configuration;
import java.io.IOException;
import java.time.Instant;

/** Tells people: what begins and ends in the log and to pings, what is wrong in alerts. A dead notifier stops no backup. */
final class Watch {
    private final DaemonLog log;
    private final Outlook outlook;
    private final Notifications notifications;

    Watch(DaemonParts parts) {
        this.log = parts.log();
        this.outlook = new Outlook(parts.catalog(), parts.sources(), parts.repositories(), new SnapshotTimes());
        this.notifications = parts.notifications();
    }

    void started(Configuration configuration, Backup backup) {
        log.run(backup, "backup begins");
        notifications.started(configuration, backup);
    }

    /** A run whose record is final. */
    void ended(Configuration configuration, Backup backup) {
        if (backup.status() == BackupStatus.COMPLETED) {
            log.run(backup, "backup is whole: snapshot " + backup.snapshot().orElseThrow());
        } else {
            log.error(backup, "backup failed: " + backup.error().orElse("for an unknown reason"));
        }
        notifications.ended(configuration, backup);
    }

    void look(Configuration configuration, Instant now) throws IOException {
        Outlook.Seen seen = outlook.look(configuration, now);
        seen.troubles().forEach(trouble -> log.warn(trouble.text()));
        notifications.judged(configuration, seen, now);
    }
}
