package dev.holdfast.core.freshness;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The limits of judgement.
 *
 * @param warnPercent at so much of the RPO the warning before the breach begins, 1 to 99
 * @param grace how late a run may begin, after its window, before it counts as missed; also how long a copy may take to begin to follow
 * @param clockSkew how far in the future a snapshot may lie and still count. One further ahead is not believed: it would look fresh for ever
 * @param zone of the times in sentences
 */
public record FreshnessPolicy(int warnPercent, Duration grace, Duration clockSkew, ZoneId zone) {
    /** 80 %, an hour, ten minutes, UTC. */
    public static final FreshnessPolicy DEFAULT =
            new FreshnessPolicy(80, Duration.ofHours(1), Duration.ofMinutes(10), ZoneOffset.UTC);

    public FreshnessPolicy {
        if (warnPercent < 1 || warnPercent > 99) {
            throw new IllegalArgumentException("the warning must begin at 1 to 99 percent of the RPO");
        }
        if (grace.isNegative() || clockSkew.isNegative()) {
            throw new IllegalArgumentException("a grace or clock skew cannot be negative");
        }
    }

    public FreshnessPolicy withZone(ZoneId other) {
        return new FreshnessPolicy(warnPercent, grace, clockSkew, other);
    }

    Duration warnAge(Duration rpo) {
        return rpo.multipliedBy(warnPercent).dividedBy(100);
    }
}
