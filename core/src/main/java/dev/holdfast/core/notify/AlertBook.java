package dev.holdfast.core.notify;

import dev.holdfast.core.notify.AlertState.Phase;
import dev.holdfast.core.notify.AlertState.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what to tell. Pure: the caller keeps the states, one map for each notifier, so that one that was dead hears later what it missed,
 * and the others hear nothing twice.
 *
 * <p>A new problem is told at once; one that becomes worse is told again; one that stays is told again after
 * {@link AlertPolicy#reminder}; one that ends is told once, after it has stayed away for {@link AlertPolicy#settle}.
 */
public final class AlertBook {
    private final AlertPolicy policy;

    public AlertBook(AlertPolicy policy) {
        this.policy = policy;
    }

    /**
     * What follows from what is wrong now.
     *
     * @param before by key, as {@link Turn#states()} or {@link Turn#undelivered()} gave it; empty at the very first time
     * @param findings all that is wrong now; of several with one key the worst counts
     */
    public Turn advance(Map<String, AlertState> before, Collection<Finding> findings, Instant now) {
        Map<String, Finding> current = worstByKey(findings);
        Map<String, AlertState> after = new LinkedHashMap<>();
        List<Alert> alerts = new ArrayList<>();
        current.forEach((key, finding) -> {
            AlertState state = seen(Optional.ofNullable(before.get(key)), finding, now);
            Optional<Alert.Kind> kind = whatToTell(state, now);
            kind.ifPresent(each -> alerts.add(state.alert(key, each, now)));
            after.put(key, kind.isPresent() ? state.told(now) : state);
        });
        before.forEach((key, state) -> {
            if (!current.containsKey(key)) {
                absent(key, state, now, alerts).ifPresent(next -> after.put(key, next));
            }
        });
        return new Turn(before, after, alerts);
    }

    private static Map<String, Finding> worstByKey(Collection<Finding> findings) {
        Map<String, Finding> worst = new LinkedHashMap<>();
        for (Finding each : findings) {
            worst.merge(each.key(), each, (a, b) -> b.severity().compareTo(a.severity()) > 0 ? b : a);
        }
        return worst;
    }

    private AlertState seen(Optional<AlertState> before, Finding finding, Instant now) {
        if (before.isEmpty()) {
            return AlertState.open(finding, now, 0);
        }
        AlertState state = before.get();
        if (state.phase() != Phase.ENDED) {
            return state.seen(finding, now);
        }
        boolean relapse = isShorter(state.changed(), now, policy.memory());
        return AlertState.open(finding, now, relapse ? state.relapses() + 1 : 0);
    }

    private Optional<Alert.Kind> whatToTell(AlertState state, Instant now) {
        if (state.told().isEmpty()) {
            return Optional.of(Alert.Kind.PROBLEM);
        }
        Told told = state.told().get();
        if (state.severity().compareTo(told.severity()) > 0) {
            return Optional.of(Alert.Kind.WORSE);
        }
        return isShorter(told.at(), now, policy.reminder()) ? Optional.empty() : Optional.of(Alert.Kind.REMINDER);
    }

    /** What becomes of a problem that is not there now; empty when it can be forgotten. */
    private Optional<AlertState> absent(String key, AlertState before, Instant now, List<Alert> alerts) {
        if (before.phase() == Phase.ENDED) {
            return isShorter(before.changed(), now, policy.memory()) ? Optional.of(before) : Optional.empty();
        }
        if (before.told().isEmpty()) {
            return Optional.empty(); // nobody heard of it, so nobody must hear that it is over
        }
        AlertState gone = before.phase() == Phase.GONE ? before : before.in(Phase.GONE, now);
        if (isShorter(gone.changed(), now, policy.settle(gone.relapses()))) {
            return Optional.of(gone);
        }
        alerts.add(gone.alert(key, Alert.Kind.RECOVERED, gone.changed()));
        return Optional.of(gone.in(Phase.ENDED, now));
    }

    private static boolean isShorter(Instant from, Instant to, Duration limit) {
        return Duration.between(from, to).compareTo(limit) < 0;
    }
}
