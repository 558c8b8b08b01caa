package dev.holdfast.core.storage;

import java.time.Duration;
import java.util.Optional;

/**
 * The rules {@link Storage} adds to a driver.
 *
 * @param retry how calls that found the storage unavailable are repeated
 * @param rateLimit the most that may pass, up and down together; empty for no limit
 * @param callTimeout how long stat, delete, a page of a list, and the opening of a get may take. A put may take this and
 *     the time its bytes need at {@link #SLOWEST_BYTES_PER_SECOND}. Empty for what the driver's sockets allow
 * @param verification what is checked after a put
 */
public record StorageOptions(
        Retry retry, Optional<RateLimit> rateLimit, Optional<Duration> callTimeout, Verification verification) {
    /** An upload slower than this is taken as stuck, unless a rate limit asks for less. */
    public static final long SLOWEST_BYTES_PER_SECOND = 16 * 1024;

    /** Retries, no rate limit, two minutes for a call, size checked. */
    public static final StorageOptions DEFAULT =
            new StorageOptions(Retry.DEFAULT, Optional.empty(), Optional.of(Duration.ofMinutes(2)), Verification.SIZE);

    /** What {@link Storage} looks at after a put. */
    public enum Verification {
        /** The stored size is asked for and compared: one more call for each put. */
        SIZE,
        /** Nothing: for credentials that may write and not read. */
        NONE
    }

    public StorageOptions {
        if (callTimeout.isPresent() && !callTimeout.get().isPositive()) {
            throw new IllegalArgumentException("call time-out must be positive");
        }
    }

    public StorageOptions with(Retry other) {
        return new StorageOptions(other, rateLimit, callTimeout, verification);
    }

    public StorageOptions with(RateLimit other) {
        return new StorageOptions(retry, Optional.of(other), callTimeout, verification);
    }

    public StorageOptions with(Verification other) {
        return new StorageOptions(retry, rateLimit, callTimeout, other);
    }

    public StorageOptions withCallTimeout(Duration other) {
        return new StorageOptions(retry, rateLimit, Optional.of(other), verification);
    }

    public StorageOptions withoutCallTimeout() {
        return new StorageOptions(retry, rateLimit, Optional.empty(), verification);
    }
}
