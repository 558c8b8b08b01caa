package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlertRoundsTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Finding PROBLEM = new Finding("a", Severity.WARNING, "shop", "t", "x");

    private final AlertRounds rounds = new AlertRounds(
            new AlertBook(AlertPolicy.DEFAULT),
            new Delivery(new RetryPlan(1, Duration.ZERO, Duration.ofSeconds(20)), new Random(1)),
            "web1");
    private final Line good = new Line("good");
    private final Line bad = new Line("bad");
    private Map<String, Map<String, AlertState>> states = Map.of();

    /** A notifier that can be cut. */
    private static final class Line implements Notifier {
        private final String name;
        private final List<String> heard = new ArrayList<>();
        private boolean cut;
        private int tried;

        Line(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String id() {
            return "id of " + name;
        }

        @Override
        public void send(Bulletin bulletin) throws NotifyException {
            tried++;
            if (cut) {
                throw new NotifyException.Unavailable("cut");
            }
            bulletin.alerts().forEach(each -> heard.add(each.kind() + " " + each.key()));
        }
    }

    private List<DeliveryResult> at(int minute, Finding... findings) {
        AlertRounds.Round round =
                rounds.run(List.of(good, bad), states, List.of(findings), START.plus(Duration.ofMinutes(minute)));
        states = round.states();
        return round.results();
    }

    @Test
    void aNotifierThatWasDeadHearsWhatItMissedAndTheOthersNothingTwice() {
        bad.cut = true;
        assertThat(at(0, PROBLEM))
                .containsExactlyInAnyOrder(
                        new DeliveryResult.Delivered("good", 1), new DeliveryResult.Failed("bad", 1, "cut"));
        for (int minute = 1; minute < 300; minute++) {
            at(minute, PROBLEM);
        }
        assertThat(bad.tried).as("0, 1, 3, 7, 15, 31, then each half hour").isBetween(10, 16);
        bad.cut = false;
        for (int minute = 300; minute < 400; minute++) {
            at(minute, PROBLEM);
        }
        assertThat(good.heard).containsExactly("PROBLEM a");
        assertThat(bad.heard).containsExactly("PROBLEM a");
        assertThat(states.get("id of bad"))
                .hasEntrySatisfying("a", state -> assertThat(state.since()).isEqualTo(START));
        for (int minute = 400; minute < 450; minute++) {
            at(minute);
        }
        assertThat(good.heard).containsExactly("PROBLEM a", "RECOVERED a");
        assertThat(bad.heard).containsExactly("PROBLEM a", "RECOVERED a");
    }

    @Test
    void severalAlertsGoInOneMessage() {
        List<Finding> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(new Finding("k" + i, Severity.WARNING, "shop", "t", "x"));
        }
        assertThat(at(0, many.toArray(Finding[]::new))).hasSize(2);
        assertThat(good.tried).isEqualTo(1);
        assertThat(good.heard).hasSize(40);
        assertThat(at(1, many.toArray(Finding[]::new))).isEmpty();
    }

    @Test
    void oneThatIsGoneFromTheConfigurationIsForgotten() {
        at(0, PROBLEM);
        states = rounds.run(List.of(good), states, List.of(PROBLEM), START).states();
        assertThat(states).containsOnlyKeys("id of good");
    }
}
