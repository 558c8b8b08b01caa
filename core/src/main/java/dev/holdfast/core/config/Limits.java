package dev.holdfast.core.config;

import java.util.Map;

/**
 * How many sources run at once.
 *
 * @param host on this host, at least 1
 * @param groups in each group, at least 1; a group that is not named has 1
 */
public record Limits(int host, Map<String, Integer> groups) {
    public static final Limits DEFAULT = new Limits(2, Map.of());

    public Limits {
        groups = Map.copyOf(groups);
    }
}
