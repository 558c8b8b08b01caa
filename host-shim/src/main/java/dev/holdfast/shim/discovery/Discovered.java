package dev.holdfast.shim.discovery;

import dev.holdfast.core.model.SourceName;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All containers of a host, told apart. Both lists are in the order of their names.
 *
 * @param warnings what should be looked at and belongs to no container that is left out, for people
 * @param sources the source that each database's container is, by the container's name, whether it is taken or not
 */
public record Discovered(
        List<Found> found, List<Skipped> skipped, List<String> warnings, Map<String, SourceName> sources) {
    public Discovered {
        found = List.copyOf(found);
        skipped = List.copyOf(skipped);
        warnings = List.copyOf(warnings);
        sources = Map.copyOf(sources);
    }

    /** Those left out that someone should look at. */
    public List<Skipped> attention() {
        return skipped.stream().filter(one -> one.reason().needsAttention()).toList();
    }

    /** Whether a source that was backed up from a container has none now. One that is stopped or left out has one. */
    public boolean isGone(SourceName source, String container) {
        boolean exists = Stream.concat(
                        found.stream().map(Found::container), skipped.stream().map(Skipped::container))
                .anyMatch(one -> one.name().equals(container));
        return !sources.containsValue(source) && (!exists || sources.containsKey(container));
    }
}
