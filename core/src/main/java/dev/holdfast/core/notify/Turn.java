package dev.holdfast.core.notify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One step of an {@link AlertBook}: what to tell one notifier, and what to remember of it. */
public final class Turn {
    private final Map<String, AlertState> before;
    private final Map<String, AlertState> after;
    private final List<Alert> alerts;

    Turn(Map<String, AlertState> before, Map<String, AlertState> after, List<Alert> alerts) {
        this.before = Map.copyOf(before);
        this.after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
        this.alerts = List.copyOf(alerts);
    }

    /** What to tell, at most one for each key. */
    public List<Alert> alerts() {
        return alerts;
    }

    /** What to keep when all of it was told. */
    public Map<String, AlertState> states() {
        return after;
    }

    /** What to keep when nothing of it got through: the next turn says it again. */
    public Map<String, AlertState> undelivered() {
        Map<String, AlertState> states = new LinkedHashMap<>(after);
        for (Alert each : alerts) {
            AlertState then = before.get(each.key());
            if (each.kind() == Alert.Kind.PROBLEM || then == null) {
                states.computeIfPresent(each.key(), (_, state) -> state.untold());
            } else {
                states.put(each.key(), then);
            }
        }
        return Collections.unmodifiableMap(states);
    }
}
