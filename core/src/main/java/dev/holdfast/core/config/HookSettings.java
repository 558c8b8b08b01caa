package dev.holdfast.core.config;

import java.util.List;

/**
 * Commands of this host around each run of a source.
 *
 * @param before words of a command; one that fails fails the run; empty for none
 * @param after words of a command, run also after a failure; empty for none
 */
public record HookSettings(List<String> before, List<String> after) {
    public static final HookSettings NONE = new HookSettings(List.of(), List.of());

    public HookSettings {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
