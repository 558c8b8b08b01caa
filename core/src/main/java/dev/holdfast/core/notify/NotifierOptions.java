package dev.holdfast.core.notify;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How connections are made.
 *
 * @param connect limit for a connection to stand
 * @param answer limit for a whole request, or for one step of a mail
 * @param trust whose certificates are believed; empty: as the machine's Java does
 */
public record NotifierOptions(Duration connect, Duration answer, Optional<SSLContext> trust) {
    public static final NotifierOptions DEFAULT =
            new NotifierOptions(Duration.ofSeconds(10), Duration.ofSeconds(20), Optional.empty());

    public NotifierOptions {
        if (!connect.isPositive() || !answer.isPositive()) {
            throw new IllegalArgumentException("limits of time must be longer than zero");
        }
    }
}
