package dev.holdfast.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** A configuration written out for people, with every default filled in. */
public final class ConfigurationText {
    private static final int WIDE = 200;

    /** Lists whose order means nothing, and whose items are compared one by one. */
    private static final Set<String> UNORDERED = Set.of("sources", "copies", "notifications");

    private ConfigurationText() {}

    /** As a file that means the same. Secrets are references in it. */
    public static String of(Configuration configuration) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(WIDE)
                .setSplitLines(false)
                .setIndentWithIndicator(true)
                .setIndent(2)
                .setIndicatorIndent(2)
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings).dumpToString(ConfigurationTree.of(configuration));
    }

    /**
     * What a new configuration changes, a line for each value: {@code + path: value}, {@code - path: value}, or {@code ~ path: old -> new}. Empty when
     * both mean the same.
     *
     * @param old empty when there was none
     */
    public static List<String> changes(Optional<Configuration> old, Configuration now) {
        Map<String, Set<String>> before = new LinkedHashMap<>();
        old.ifPresent(configuration -> flatten("", ConfigurationTree.of(configuration), before));
        Map<String, Set<String>> after = new LinkedHashMap<>();
        flatten("", ConfigurationTree.of(now), after);
        Set<String> paths = new LinkedHashSet<>(before.keySet());
        paths.addAll(after.keySet());
        List<String> lines = new ArrayList<>();
        for (String path : paths) {
            Set<String> gone = new LinkedHashSet<>(before.getOrDefault(path, Set.of()));
            Set<String> come = new LinkedHashSet<>(after.getOrDefault(path, Set.of()));
            gone.removeAll(after.getOrDefault(path, Set.of()));
            come.removeAll(before.getOrDefault(path, Set.of()));
            if (gone.size() == 1 && come.size() == 1) {
                lines.add("~ " + path + ": " + gone.iterator().next() + " -> "
                        + come.iterator().next());
            } else {
                gone.forEach(value -> lines.add("- " + path + ": " + value));
                come.forEach(value -> lines.add("+ " + path + ": " + value));
            }
        }
        return lines;
    }

    private static void flatten(String path, Map<?, ?> tree, Map<String, Set<String>> into) {
        tree.forEach((key, value) -> {
            String below = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            if (value instanceof Map<?, ?> map) {
                flatten(below, map, into);
            } else if (value instanceof List<?> list && UNORDERED.contains(String.valueOf(key))) {
                list.forEach(item -> into.computeIfAbsent(below, name -> new LinkedHashSet<>())
                        .add(line(item)));
            } else {
                into.computeIfAbsent(below, name -> new LinkedHashSet<>()).add(line(value));
            }
        });
    }

    private static String line(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + line(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(ConfigurationText::line).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }
}
