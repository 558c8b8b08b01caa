package dev.holdfast.core.notify;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a message is tried, and how long in all.
 *
 * @param attempts at least 1
 * @param firstWait after the first failure; doubles with each further one, and is shortened at random by up to half
 * @param limit for all attempts and waits together; an attempt that is still under way then is broken off
 */
public record RetryPlan(int attempts, Duration firstWait, Duration limit) {
    /** Four attempts within a minute. */
    public static final RetryPlan DEFAULT = new RetryPlan(4, Duration.ofSeconds(2), Duration.ofSeconds(60));

    public RetryPlan {
        if (attempts < 1 || firstWait.isNegative() || !limit.isPositive()) {
            throw new IllegalArgumentException("a retry plan needs attempts >= 1, waits >= 0 and a limit > 0");
        }
    }

    /** @param failed attempts so far, from 1 */
    Duration waitAfter(int failed, RandomGenerator random) {
        double nanos = Math.min(firstWait.toNanos() * Math.pow(2, failed - 1.0), (double) limit.toNanos());
        return Duration.ofNanos((long) (nanos * (1 - random.nextDouble() / 2)));
    }
}
