package dev.holdfast.core.notify;

import dev.holdfast.core.model.Severity;
import java.time.Instant;
import java.util.List;

/** Alerts as tests need them. */
final class Alerts {
    static final Instant NOW = Instant.parse("2026-11-29T04:00:00Z");

    private Alerts() {}

    static Alert alert(Alert.Kind kind, Severity severity, String text) {
        return new Alert(
                "age:shop/shop-db",
                kind,
                severity,
                "shop",
                "shop-db: backup too old",
                text,
                NOW.minusSeconds(5 * 3600),
                NOW);
    }

    static Bulletin bulletin(Alert... alerts) {
        return new Bulletin("web1", NOW, List.of(alerts));
    }

    static Bulletin problem(String text) {
        return bulletin(alert(Alert.Kind.PROBLEM, Severity.CRITICAL, text));
    }
}
