package dev.holdfast.core.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Says when to stop: at a signal, or when the next object would probably not be done by the deadline. Safe for several threads. */
final class Pace {
    /** The next object may be slower than any before. */
    private static final double CAUTION = 1.5;

    private final Optional<Instant> deadline;
    private final BooleanSupplier stop;
    private final Clock clock;
    private Duration longest = Duration.ZERO;

    Pace(Optional<Instant> deadline, BooleanSupplier stop, Clock clock) {
        this.deadline = deadline;
        this.stop = stop;
        this.clock = clock;
    }

    boolean stops() {
        return stop.getAsBoolean()
                || deadline.filter(end -> !clock.instant().plus(reserve()).isBefore(end))
                        .isPresent();
    }

    private synchronized Duration reserve() {
        return Duration.ofMillis((long) (longest.toMillis() * CAUTION));
    }

    Instant now() {
        return clock.instant();
    }

    /** Notes an object that was begun at a time and is done. */
    synchronized void done(Instant begun) {
        Duration took = Duration.between(begun, clock.instant());
        longest = took.compareTo(longest) > 0 ? took : longest;
    }
}
