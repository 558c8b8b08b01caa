package dev.holdfast.shim.cli;

import dev.holdfast.shim.daemon.DaemonLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The daemon with a clock that runs fast, the same one after each start: arguments are when it was right, in milliseconds, and its speed. */
final class FastDaemon {
    private FastDaemon() {}

    /** Runs it until SIGTERM. */
    public static void main(String[] arguments) throws Exception {
        Clock clock = new FastClock(Instant.ofEpochMilli(Long.parseLong(arguments[0])), Integer.parseInt(arguments[1]));
        System.exit(DaemonCommand.work(clock, DaemonLog.Form.TEXT, Duration.ofMinutes(2)));
    }

    /** So many times as fast as the system's. */
    static final class FastClock extends Clock {
        private final Instant origin;
        private final int speed;

        FastClock(Instant origin, int speed) {
            this.origin = origin;
            this.speed = speed;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only UTC");
        }

        @Override
        public Instant instant() {
            return origin.plus(Duration.between(origin, Instant.now()).multipliedBy(speed));
        }
    }
}
