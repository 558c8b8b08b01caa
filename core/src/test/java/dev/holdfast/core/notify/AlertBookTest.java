package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertBookTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final AlertBook BOOK = new AlertBook(AlertPolicy.DEFAULT);

    private Map<String, AlertState> states = Map.of();

    private static Finding finding(String key, Severity severity) {
        return new Finding(key, severity, "shop", key + " title", key + " text");
    }

    private static Instant minutes(long after) {
        return START.plus(Duration.ofMinutes(after));
    }

    private List<Alert> at(long minutes, Finding... findings) {
        Turn turn = BOOK.advance(states, List.of(findings), minutes(minutes));
        states = turn.states();
        return turn.alerts();
    }

    private static String told(List<Alert> alerts) {
        return alerts.stream()
                .map(each -> each.kind() + " " + each.severity())
                .toList()
                .toString();
    }

    @Test
    void aWeekOfOneProblem() {
        Finding warning = finding("a", Severity.WARNING);
        Finding critical = finding("a", Severity.CRITICAL);
        List<String> log = new ArrayList<>();
        for (long minute = 0; minute < 7 * 24 * 60; minute++) {
            long hour = minute / 60;
            List<Alert> alerts = hour < 3
                    ? at(minute)
                    : hour < 8 ? at(minute, warning) : hour < 60 ? at(minute, critical) : at(minute);
            long now = minute;
            alerts.forEach(each -> log.add(now / 60 + ":" + now % 60 + " " + each.kind() + " " + each.severity()));
        }
        assertThat(log)
                .containsExactly(
                        "3:0 PROBLEM WARNING",
                        "8:0 WORSE CRITICAL",
                        "32:0 REMINDER CRITICAL",
                        "56:0 REMINDER CRITICAL",
                        "60:15 RECOVERED CRITICAL");
        assertThat(states).as("forgotten after a day").isEmpty();
    }

    @Test
    void aRecoverySaysSinceWhenAndHowLong() {
        at(0, finding("a", Severity.WARNING));
        at(60);
        assertThat(at(75)).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(Alert.Kind.RECOVERED);
            assertThat(alert.since()).isEqualTo(START);
            assertThat(alert.at()).isEqualTo(minutes(60));
            assertThat(alert.duration()).isEqualTo(Duration.ofMinutes(60));
            assertThat(alert.text()).isEqualTo("a text");
        });
    }

    @Test
    void textsMayChangeWithoutBeingToldAgain() {
        at(0, finding("a", Severity.WARNING));
        Finding other = new Finding("a", Severity.WARNING, "shop", "a title", "now 32 h old");
        assertThat(at(10, other)).isEmpty();
        assertThat(at(24 * 60, other)).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(Alert.Kind.REMINDER);
            assertThat(alert.text()).isEqualTo("now 32 h old");
        });
    }

    @Test
    void whatBecomesBetterIsNotToldButRemembered() {
        at(0, finding("a", Severity.CRITICAL));
        assertThat(at(10, finding("a", Severity.WARNING))).isEmpty();
        assertThat(at(20, finding("a", Severity.CRITICAL))).as("as it was told").isEmpty();
        assertThat(told(at(24 * 60, finding("a", Severity.WARNING)))).isEqualTo("[REMINDER WARNING]");
        assertThat(told(at(24 * 60 + 1, finding("a", Severity.CRITICAL)))).isEqualTo("[WORSE CRITICAL]");
    }

    @Test
    void aShortAbsenceIsNone() {
        Finding a = finding("a", Severity.WARNING);
        at(0, a);
        assertThat(at(1)).isEmpty();
        assertThat(at(15)).isEmpty();
        assertThat(at(15, a)).isEmpty();
        assertThat(states)
                .hasEntrySatisfying("a", state -> assertThat(state.since()).isEqualTo(START));
        at(20);
        assertThat(at(34)).as("counted from the second absence").isEmpty();
        assertThat(told(at(35))).isEqualTo("[RECOVERED WARNING]");
    }

    @Test
    void aProblemThatKeepsComingBackBecomesQuieter() {
        Finding a = finding("a", Severity.WARNING);
        List<Alert> all = new ArrayList<>();
        for (long minute = 0; minute < 24 * 60; minute++) {
            all.addAll(minute % 60 < 20 ? at(minute, a) : at(minute));
        }
        assertThat(all.size())
                .as("24 problems of an hour each would be 48 messages")
                .isLessThanOrEqualTo(5);
        for (long minute = 24 * 60; minute < 48 * 60; minute++) {
            all.addAll(at(minute));
        }
        assertThat(all.getLast().kind()).isEqualTo(Alert.Kind.RECOVERED);
        assertThat(AlertPolicy.DEFAULT.settle(0)).isEqualTo(Duration.ofMinutes(15));
        assertThat(AlertPolicy.DEFAULT.settle(2)).isEqualTo(Duration.ofHours(1));
        assertThat(AlertPolicy.DEFAULT.settle(1000)).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void whatDidNotGetThroughIsSaidAgain() {
        Finding a = finding("a", Severity.WARNING);
        Turn failed = BOOK.advance(states, List.of(a), START);
        states = failed.undelivered();
        assertThat(at(5, a)).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(Alert.Kind.PROBLEM);
            assertThat(alert.since())
                    .as("since it began, not since it could be told")
                    .isEqualTo(START);
        });
        Turn worse = BOOK.advance(states, List.of(finding("a", Severity.CRITICAL)), minutes(6));
        states = worse.undelivered();
        assertThat(told(at(7, finding("a", Severity.CRITICAL)))).isEqualTo("[WORSE CRITICAL]");
        at(8);
        Turn over = BOOK.advance(states, List.of(), minutes(60));
        assertThat(told(over.alerts())).isEqualTo("[RECOVERED CRITICAL]");
        states = over.undelivered();
        assertThat(told(at(61))).isEqualTo("[RECOVERED CRITICAL]");
        assertThat(at(62)).isEmpty();
        Turn reminder = BOOK.advance(Map.of(), List.of(a), START);
        Turn late = BOOK.advance(reminder.states(), List.of(a), minutes(24 * 60));
        assertThat(told(BOOK.advance(late.undelivered(), List.of(a), minutes(24 * 60 + 1))
                        .alerts()))
                .isEqualTo("[REMINDER WARNING]");
    }

    @Test
    void ofWhatWasNeverHeardNoEndIsTold() {
        states = BOOK.advance(states, List.of(finding("a", Severity.WARNING)), START)
                .undelivered();
        assertThat(at(1)).isEmpty();
        assertThat(states).isEmpty();
        assertThat(at(1000)).isEmpty();
    }

    @Test
    void ofTwoFindingsWithOneKeyTheWorstCounts() {
        List<Alert> alerts =
                at(0, finding("a", Severity.WARNING), finding("a", Severity.CRITICAL), finding("b", Severity.WARNING));
        assertThat(told(alerts)).isEqualTo("[PROBLEM CRITICAL, PROBLEM WARNING]");
    }

    @Test
    void statesSurviveBeingStored() {
        at(0, finding("a", Severity.CRITICAL), new Finding("b", Severity.WARNING, "s", "\"ü\n", "\u0000"));
        states.values()
                .forEach(each -> assertThat(AlertStateJson.read(AlertStateJson.write(each)))
                        .isEqualTo(each));
        AlertState untold = AlertState.open(finding("a", Severity.CRITICAL), START, 3);
        assertThat(AlertStateJson.read(AlertStateJson.write(untold))).isEqualTo(untold);
        for (String broken :
                List.of("", "{", "null", "{}", AlertStateJson.write(untold).replace("OPEN", "AJAR"))) {
            assertThatThrownBy(() -> AlertStateJson.read(broken))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
