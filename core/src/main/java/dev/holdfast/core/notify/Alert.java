package dev.holdfast.core.notify;

import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Something to tell.
 *
 * @param key of the finding
 * @param kind why it is told now
 * @param severity of the finding; of a recovery: what it last was
 * @param service what is affected
 * @param title in a few words
 * @param text for people, without secrets
 * @param since when the problem began
 * @param at when it was seen as it is told here; of a recovery: when the problem was first gone
 */
public record Alert(
        String key,
        Kind kind,
        Severity severity,
        String service,
        String title,
        String text,
        Instant since,
        Instant at) {
    /** Why something is told. */
    public enum Kind {
        /** It is new. */
        PROBLEM,
        /** It has become worse. */
        WORSE,
        /** It is still there. */
        REMINDER,
        /** It is over. */
        RECOVERED,
        /** Somebody wants to see that messages arrive. */
        TEST
    }

    /** To see that messages arrive. */
    public static Alert test(Instant now) {
        return new Alert(
                "test",
                Kind.TEST,
                Severity.WARNING,
                "holdfast",
                "this is a test",
                "Somebody asked Holdfast for a test message. Nothing is wrong.",
                now,
                now);
    }

    /** {@code [CRITICAL] shop-db: backup too old}. */
    public String headline() {
        String mark = switch (kind) {
            case PROBLEM, WORSE -> severity.name();
            case REMINDER -> "STILL " + severity.name();
            case RECOVERED, TEST -> kind.name();
        };
        return "[" + mark + "] " + title;
    }

    /** How long the problem has lasted, or did last. */
    public Duration duration() {
        return at.isAfter(since) ? Duration.between(since, at) : Duration.ZERO;
    }

    /** As it stands in JSON: {@code recovered}. */
    String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
