package dev.holdfast.core.freshness;

import java.time.Instant;

/**
 * A snapshot that is well below the trend of its source, so that it does not count as good.
 *
 * @param taken when it was begun
 * @param bytes its size
 * @param usualBytes what was expected
 */
public record SmallSnapshot(Instant taken, long bytes, long usualBytes) {
    public SmallSnapshot {
        if (bytes < 0 || usualBytes <= 0) {
            throw new IllegalArgumentException("sizes of snapshots cannot be negative, nor the usual one zero");
        }
    }
}
