package dev.holdfast.shim.discovery;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.database.Replicas;
import dev.holdfast.shim.docker.Container;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Tells the containers of a host apart: sources and the rest, each with the reason. What counts, strongest first: {@code
 * holdfast.enable=false}; the label {@code holdfast.source}, then those of stack-back; what the image is called; the program that runs.
 * Patterns narrow the answer and never widen it. Decides only; nothing is asked or changed.
 */
public final class Discovery {
    private static final Comparator<Skipped> BY_CONTAINER =
            Comparator.comparing(skipped -> skipped.container().name());

    private final Verdicts verdicts;
    private final List<NamePattern> patterns;

    /**
     * For engines, and names.
     *
     * @param patterns of container or source names; empty for all
     */
    public Discovery(DatabaseTypes types, List<NamePattern> patterns) {
        this.verdicts = new Verdicts(types);
        this.patterns = List.copyOf(patterns);
    }

    /**
     * Tells containers apart.
     *
     * @param containers with environment and command, stopped ones too
     */
    public Discovered of(List<Container> containers) {
        List<Wanted> wanted = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        Replicas replicas = new Replicas(containers);
        for (Container container : containers) {
            switch (verdicts.of(container, isAskedFor(container), replicas)) {
                case Verdicts.Take(Wanted one) -> wanted.add(one);
                case Verdicts.Leave(Skipped one) -> skipped.add(one);
            }
        }
        Map<String, String> names = SourceNames.of(wanted);
        List<Found> found = new ArrayList<>();
        Map<String, SourceName> sources = new TreeMap<>();
        SourceNames.grouped(wanted, one -> names.getOrDefault(one.container().id(), ""))
                .forEach((name, group) -> settle(name, group, found, skipped, sources));
        List<Found> kept = found.stream()
                .filter(one -> isWithin(one.container(), one.name().text()))
                .toList();
        for (Found one : found) {
            if (!kept.contains(one)) {
                skipped.add(leftOut(one.container()));
            }
        }
        return new Discovered(
                kept,
                skipped.stream()
                        .map(one -> narrowed(one, sources))
                        .sorted(BY_CONTAINER)
                        .toList(),
                warnings(containers, sources),
                sources);
    }

    /** One group of equal names: at most one of it may run. */
    private static void settle(
            String name,
            List<Wanted> group,
            List<Found> found,
            List<Skipped> skipped,
            Map<String, SourceName> sources) {
        List<Wanted> running =
                group.stream().filter(one -> one.container().isRunning()).toList();
        for (Wanted one : group) {
            Container container = one.container();
            SourceName source;
            try {
                source = new SourceName(name);
            } catch (IllegalArgumentException e) {
                skipped.add(new Skipped(
                        container,
                        Skipped.Reason.UNCLEAR,
                        "it would be source " + Labels.shown(name) + ", and a " + e.getMessage()
                                + ": give it another with label " + Labels.NAME));
                continue;
            }
            sources.put(container.name(), source);
            if (!container.isRunning()) {
                skipped.add(new Skipped(container, Skipped.Reason.NOT_RUNNING, container.state()));
            } else if (running.size() > 1) {
                skipped.add(new Skipped(
                        container,
                        Skipped.Reason.UNCLEAR,
                        "it would be source " + name + ", and so would container " + others(running, one)
                                + ": give each its own with label " + Labels.NAME));
            } else {
                found.add(new Found(source, container, one.type(), one.origin().app(), one.why()));
            }
        }
    }

    private static String others(List<Wanted> group, Wanted one) {
        return group.stream()
                .filter(other -> !other.equals(one))
                .map(other -> other.container().name())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Whether it is named in full, so that leaving it out for want of a type would be a surprise. */
    private boolean isAskedFor(Container container) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.text().equals(container.name())
                        || pattern.text().equals(defaultName(container)));
    }

    private static String defaultName(Container container) {
        return Origin.of(container, new Labels(container.labels())).name();
    }

    private boolean isWithin(Container container, String source) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(pattern -> pattern.matches(container.name()) || pattern.matches(source));
    }

    private Skipped narrowed(Skipped one, Map<String, SourceName> sources) {
        SourceName source = sources.get(one.container().name());
        boolean within = isWithin(one.container(), source == null ? defaultName(one.container()) : source.text());
        return one.reason().needsAttention() && !within ? leftOut(one.container()) : one;
    }

    private static Skipped leftOut(Container container) {
        return new Skipped(container, Skipped.Reason.LEFT_OUT, "no pattern matches it");
    }

    private List<String> warnings(List<Container> containers, Map<String, SourceName> sources) {
        List<String> warnings = new ArrayList<>();
        for (NamePattern pattern : patterns) {
            boolean matches = containers.stream().anyMatch(one -> pattern.matches(one.name()))
                    || sources.values().stream().anyMatch(name -> pattern.matches(name.text()));
            if (!matches) {
                warnings.add("pattern " + pattern + " matches no container");
            }
        }
        for (Container container : containers) {
            if (isWithin(container, defaultName(container))) {
                new Labels(container.labels())
                        .unknown()
                        .forEach(line -> warnings.add("container " + container.name() + ": " + line));
            }
        }
        return List.copyOf(new TreeSet<>(warnings));
    }
}
