package dev.holdfast.core.notify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After}: seconds (with a fraction, as some send them) or a date (RFC 9110, 10.2.3). */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private RetryAfter() {}

    static Optional<Duration> parse(String text) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * 1000)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), then);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException _) {
            return Optional.empty(); // what cannot be read was not asked for
        }
    }
}
