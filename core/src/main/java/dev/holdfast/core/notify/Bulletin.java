package dev.holdfast.core.notify;

import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is told in one message.
 *
 * @param host the name of the machine that tells it
 * @param at when
 * @param alerts at least one
 */
public record Bulletin(String host, Instant at, List<Alert> alerts) {
    public Bulletin {
        alerts = List.copyOf(alerts);
        if (alerts.isEmpty()) {
            throw new IllegalArgumentException("a bulletin must tell something");
        }
    }

    /** One line: the headline of the only alert, or how many there are. */
    public String title() {
        String from = "Holdfast on " + Lines.oneLine(host) + ": ";
        if (alerts.size() == 1) {
            return from + Lines.oneLine(alerts.getFirst().headline());
        }
        long over = alerts.stream().filter(Bulletin::isGood).count();
        long problems = alerts.size() - over;
        long critical = alerts.stream()
                .filter(each -> !isGood(each) && each.severity() == Severity.CRITICAL)
                .count();
        List<String> parts = new ArrayList<>();
        if (problems > 0) {
            parts.add(problems
                    + (problems == 1 ? " problem" : " problems")
                    + (critical > 0 ? " (" + critical + " critical)" : ""));
        }
        if (over > 0) {
            parts.add(over + " recovered");
        }
        return from + String.join(", ", parts);
    }

    /** The worst there is to tell; a warning if it is all good news. */
    public Severity severity() {
        return alerts.stream()
                .filter(each -> !isGood(each))
                .map(Alert::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.WARNING);
    }

    /** Whether there is nothing but recoveries and tests. */
    public boolean isAllGood() {
        return alerts.stream().allMatch(Bulletin::isGood);
    }

    /** A paragraph for each alert, the worst first. */
    List<String> paragraphs() {
        return alerts.stream()
                .sorted(Comparator.comparing(Bulletin::isGood)
                        .thenComparing(Alert::severity, Comparator.reverseOrder()))
                .map(each -> Lines.oneLine(each.headline()) + "\n" + body(each))
                .toList();
    }

    private static String body(Alert alert) {
        String text = Lines.printable(alert.text());
        return switch (alert.kind()) {
            case PROBLEM, WORSE, TEST -> text;
            case REMINDER -> text + "\nThis has lasted for " + length(alert.duration()) + ".";
            case RECOVERED -> "This is over. It lasted " + length(alert.duration()) + ".\nIt was: " + text;
        };
    }

    private static String length(Duration length) {
        if (length.toMinutes() < 120) {
            return length.toMinutes() + " min";
        }
        return length.toHours() < 72 ? length.toHours() + " h" : length.toDays() + " d";
    }

    private static boolean isGood(Alert alert) {
        return alert.kind() == Alert.Kind.RECOVERED || alert.kind() == Alert.Kind.TEST;
    }
}
