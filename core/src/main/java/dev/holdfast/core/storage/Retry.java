package dev.holdfast.core.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How often a call that found the storage {@link StorageException.Unavailable} is made, and how long to wait between.
 * The waits double up to a limit; each is shortened at random by up to half, so that many hosts do not come back at once.
 * A storage that says how long it wants to be left alone is waited for at least that long, up to {@link #LONGEST_ASKED}.
 *
 * @param attempts calls in all, 1 for no repetition
 * @param firstWait the wait after the first call, before it is shortened
 * @param longestWait no wait is longer, unless the storage asks for it
 */
public record Retry(int attempts, Duration firstWait, Duration longestWait) {
    /** Five calls within about ten seconds of waiting. */
    public static final Retry DEFAULT = new Retry(5, Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** A storage that asks for more is given up: a backup that sleeps for hours is better started again later. */
    static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

    /** Every failure is final. */
    public static final Retry NEVER = new Retry(1, Duration.ZERO, Duration.ZERO);

    public Retry {
        if (attempts < 1 || firstWait.isNegative() || longestWait.compareTo(firstWait) < 0) {
            throw new IllegalArgumentException("retry needs attempts >= 1 and 0 <= first wait <= longest wait");
        }
    }

    /**
     * How long to wait after a failed call.
     *
     * @param failed calls that have failed so far, from 1
     */
    Duration waitAfter(int failed, RandomGenerator random) {
        double doubled = firstWait.toNanos() * Math.pow(2, failed - 1.0);
        double limited = Math.min(doubled, (double) longestWait.toNanos());
        return Duration.ofNanos((long) (limited * (1 - random.nextDouble() / 2)));
    }

    /**
     * How long to wait after a failed call of a storage that may have asked for a wait of its own; empty when there shall
     * be no further call.
     *
     * @param failed calls that have failed so far, from 1
     */
    Optional<Duration> waitAfter(int failed, StorageException.Unavailable failure, RandomGenerator random) {
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        if (failed >= attempts || asked.compareTo(LONGEST_ASKED) > 0) {
            return Optional.empty();
        }
        Duration own = waitAfter(failed, random);
        return Optional.of(own.compareTo(asked) < 0 ? asked : own);
    }
}
