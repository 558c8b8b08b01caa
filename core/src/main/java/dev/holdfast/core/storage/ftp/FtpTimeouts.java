package dev.holdfast.core.storage.ftp;

import java.time.Duration;

/**
 * How long to wait before a server counts as gone.
 *
 * @param connect for one address to accept a connection, and for its greeting
 * @param reply for an answer on the control connection; the one after an upload may take the server long
 * @param stall for a data connection without a single byte moving, in either direction
 * @param turn for one of the bounded connections to become free
 */
record FtpTimeouts(Duration connect, Duration reply, Duration stall, Duration turn) {
    static final FtpTimeouts DEFAULT = new FtpTimeouts(
            Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(300));

    static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
