package dev.holdfast.core.storage;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a call that found the storage {@link StorageException.Unavailable} is made, and how long to wait between.
 * The waits double up to a limit; each is shortened at random by up to half, so that many hosts do not come back at once.
 *
 * @param attempts calls in all, 1 for no repetition
 * @param firstWait the wait after the first call, before it is shortened
 * @param longestWait no wait is longer
 */
public record Retry(int attempts, Duration firstWait, Duration longestWait) {
    /** Five calls within about ten seconds of waiting. */
    public static final Retry DEFAULT = new Retry(5, Duration.ofSeconds(1), Duration.ofSeconds(30));

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
}
