package dev.holdfast.core.schedule;

import java.util.Map;

/**
 * How many sources run at once.
 *
 * @param host of all together, at least 1
 * @param groups of one group, at least 1; a group that is not named has 1
 */
public record RunLimits(int host, Map<String, Integer> groups) {
    public RunLimits {
        groups = Map.copyOf(groups);
        if (host < 1 || groups.values().stream().anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException("a limit of runs must be at least 1");
        }
    }

    int of(String group) {
        return groups.getOrDefault(group, 1);
    }
}
