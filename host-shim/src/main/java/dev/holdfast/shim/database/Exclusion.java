package dev.holdfast.shim.database;

import dev.holdfast.shim.docker.Container;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The databases that label {@code holdfast.exclude} of a container leaves out of its backup, and which of them were there. */
public final class Exclusion {
    /** Names of databases, by commas; blanks around a name do not count. */
    public static final String LABEL = "holdfast.exclude";

    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> met = new LinkedHashSet<>();

    private Exclusion(String label) {
        for (String name : label.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
    }

    /** What the label says; nothing when there is none. */
    public static Exclusion of(Container container) {
        return new Exclusion(container.labels().getOrDefault(LABEL, ""));
    }

    /** Whether the label names none. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether a database that is there is to be left out; remembers it. */
    public boolean covers(String database) {
        if (!names.contains(database)) {
            return false;
        }
        met.add(database);
        return true;
    }

    /** Those that were there and left out, for the evidence. */
    public List<String> leftOut() {
        return List.copyOf(met);
    }

    /** Those that were not there: a slip of the pen would leave a database in that should be out. */
    public List<String> warnings() {
        return names.stream()
                .filter(name -> !met.contains(name))
                .map(name -> "label " + LABEL + " names database " + name + ", which is not there")
                .toList();
    }
}
