package dev.holdfast.core.storage.ftp;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Removes what killed uploads left in {@value FtpNames#PARTS}. How old a part is, is told by MDTM (RFC 3659 3) against
 * the part that was stored just now, so that no clock but the server's counts. Listings are not asked: LIST leaves out
 * the year, or the time of day. On a server without MDTM everything stays.
 */
final class FtpSweep {
    /** Parts this much older than the one stored just now belong to nobody any more. */
    static final Duration STALE_AFTER = Duration.ofDays(7);

    private final AtomicBoolean done = new AtomicBoolean();

    /** Sweeps at the first call of a driver's life. */
    void once(FtpConnection connection, String stored) throws IOException {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        Optional<Instant> now = FtpConnection.timeOf(connection.modified(stored));
        if (now.isPresent()) {
            sweep(connection, now.get().minus(STALE_AFTER));
        }
    }

    private static void sweep(FtpConnection connection, Instant before) throws IOException {
        for (FtpEntry entry : FtpNames.entries(connection, FtpNames.PARTS + "/")) {
            String part = FtpNames.PARTS + "/" + entry.name();
            if (entry.kind() == FtpEntry.Kind.FILE
                    && FtpConnection.timeOf(connection.modified(part))
                            .filter(before::isAfter)
                            .isPresent()) {
                connection.delete(part); // refused: another process sweeps as well, or the part is another user's
            }
        }
    }
}
