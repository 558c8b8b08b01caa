package dev.holdfast.core.notify;

import dev.holdfast.core.model.Secret;

/**
 * A check that is pinged at each run, in the way of healthchecks.io.
 *
 * @param url of the check, without {@code /start} or {@code /fail}
 */
public record PingSpec(Secret url) {
    public PingSpec {
        HttpAddress.of(url);
    }
}
