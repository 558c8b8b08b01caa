package dev.holdfast.shim.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Names for sources, so that no two share one. A name that only one has is kept. Replicas of one service get their number behind it. Where a
 * label and a default meet, the label has it and the other takes its container's name, as do several defaults. What still collides is for
 * the user to solve.
 */
final class SourceNames {
    private SourceNames() {}

    /** A name for each container id; some may be equal. */
    static Map<String, String> of(List<Wanted> all) {
        Map<String, String> names = new HashMap<>();
        grouped(all, Wanted::firstName).forEach((name, group) -> {
            List<Wanted> leftovers = leftovers(group);
            leftovers.forEach(
                    one -> names.put(one.container().id(), one.container().name()));
            List<Wanted> rest = new ArrayList<>(group);
            rest.removeAll(leftovers);
            resolve(name, rest, names);
        });
        return names;
    }

    static <T> Map<String, List<T>> grouped(List<T> all, Function<T, String> key) {
        Map<String, List<T>> groups = new TreeMap<>();
        all.forEach(one ->
                groups.computeIfAbsent(key.apply(one), _ -> new ArrayList<>()).add(one));
        return groups;
    }

    /** Stopped containers beside a running one that took their place: they must not change what that one is called. */
    private static List<Wanted> leftovers(List<Wanted> group) {
        Set<Optional<String>> running = new HashSet<>();
        group.stream()
                .filter(one -> one.container().isRunning())
                .forEach(one -> running.add(one.origin().replica()));
        return group.stream()
                .filter(one -> !one.container().isRunning()
                        && running.contains(one.origin().replica()))
                .toList();
    }

    private static void resolve(String name, List<Wanted> group, Map<String, String> names) {
        List<Wanted> labelled =
                group.stream().filter(one -> one.label().isPresent()).toList();
        List<Wanted> others =
                group.stream().filter(one -> one.label().isEmpty()).toList();
        boolean replicas = areReplicas(labelled);
        for (Wanted one : labelled) {
            names.put(one.container().id(), labelled.size() > 1 && replicas ? numbered(name, one) : name);
        }
        boolean free = labelled.isEmpty();
        boolean otherReplicas = free && areReplicas(others);
        for (Wanted one : others) {
            String own = otherReplicas ? numbered(name, one) : one.container().name();
            names.put(one.container().id(), free && others.size() == 1 ? name : own);
        }
    }

    private static String numbered(String name, Wanted one) {
        return name + "-" + one.origin().replica().orElseThrow();
    }

    private static boolean areReplicas(List<Wanted> group) {
        Set<String> services = new HashSet<>();
        Set<String> replicas = new HashSet<>();
        for (Wanted one : group) {
            services.add(one.origin().app() + "/" + one.origin().name());
            one.origin().replica().ifPresent(replicas::add);
        }
        return services.size() == 1 && replicas.size() == group.size();
    }
}
