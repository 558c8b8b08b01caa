package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random problems, told over a line that fails at random: what a person reads makes sense all the same. */
class AlertBookRandomTest {
    private static final List<String> KEYS = List.of("a", "b", "c");
    private static final AlertPolicy POLICY = AlertPolicy.DEFAULT;

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 90})
    void whatIsHeardMakesSense(int percentLost) {
        for (long seed = 0; seed < 100; seed++) {
            List<Alert> heard = month(new Random(seed), percentLost);
            for (String key : KEYS) {
                check(heard.stream().filter(each -> each.key().equals(key)).toList(), "seed " + seed + ", " + key);
            }
        }
    }

    /** Two weeks of random weather, then two calm ones over a line that works. */
    private static List<Alert> month(Random random, int percentLost) {
        AlertBook book = new AlertBook(POLICY);
        Map<String, AlertState> states = Map.of();
        Map<String, Severity> wrong = new HashMap<>();
        List<Alert> heard = new ArrayList<>();
        Instant now = Instant.parse("2026-11-01T00:00:00Z");
        Instant calm = now.plus(Duration.ofDays(14));
        int restless = 1 + random.nextInt(60);
        while (now.isBefore(calm.plus(Duration.ofDays(14)))) {
            now = now.plusSeconds(random.nextInt(3600));
            boolean stormy = now.isBefore(calm);
            for (String key : KEYS) {
                if (!stormy) {
                    wrong.remove(key);
                } else if (random.nextInt(100) < restless) {
                    switch (random.nextInt(3)) {
                        case 0 -> wrong.remove(key);
                        case 1 -> wrong.put(key, Severity.WARNING);
                        default -> wrong.put(key, Severity.CRITICAL);
                    }
                }
            }
            List<Finding> findings = wrong.entrySet().stream()
                    .map(each ->
                            new Finding(each.getKey(), each.getValue(), "s", "t", String.valueOf(random.nextInt())))
                    .toList();
            Turn turn = book.advance(states, findings, now);
            assertThat(turn.alerts()).extracting(Alert::key).doesNotHaveDuplicates();
            if (stormy && random.nextInt(100) < percentLost) {
                states = turn.undelivered();
            } else {
                heard.addAll(turn.alerts());
                states = turn.states();
            }
        }
        assertThat(states).as("all is forgotten in the end").isEmpty();
        return heard;
    }

    private static void check(List<Alert> heard, String what) {
        Optional<Alert> last = Optional.empty();
        for (Alert each : heard) {
            boolean open =
                    last.filter(before -> before.kind() != Alert.Kind.RECOVERED).isPresent();
            assertThat(open).as("%s: %s after %s", what, each, last).isEqualTo(each.kind() != Alert.Kind.PROBLEM);
            if (each.kind() == Alert.Kind.WORSE) {
                assertThat(each.severity())
                        .as(what)
                        .isGreaterThan(last.orElseThrow().severity());
            }
            if (each.kind() == Alert.Kind.REMINDER) {
                assertThat(Duration.between(last.orElseThrow().at(), each.at()))
                        .as("%s: %s after %s", what, each, last)
                        .isGreaterThanOrEqualTo(POLICY.reminder());
            }
            if (open) {
                assertThat(each.since())
                        .as("%s: one story", what)
                        .isEqualTo(last.orElseThrow().since());
            }
            last = Optional.of(each);
        }
        assertThat(last.filter(each -> each.kind() != Alert.Kind.RECOVERED))
                .as("%s: each problem that was told ends with its recovery", what)
                .isEmpty();
    }
}
