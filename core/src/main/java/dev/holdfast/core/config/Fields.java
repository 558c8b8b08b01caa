package dev.holdfast.core.config;

import dev.holdfast.core.config.YamlNode.Entry;
import dev.holdfast.core.config.YamlNode.Mapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping whose keys are known. */
final class Fields {
    private final Spot spot;
    private final List<String> keys;
    private final Map<String, Spot> values = new LinkedHashMap<>();

    private Fields(Spot spot, List<String> keys) {
        this.spot = spot;
        this.keys = keys;
    }

    /** Tells the keys that are not known, with the nearest one that is. */
    static Fields of(Spot spot, Mapping mapping, List<String> keys) {
        Fields fields = new Fields(spot, keys);
        for (Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (keys.contains(key)) {
                fields.values.put(key, spot.child(entry));
            } else {
                spot.problems().error(entry.key().at(), spot.path(), "unknown key " + key + Nearest.hint(key, keys));
            }
        }
        return fields;
    }

    Spot spot() {
        return spot;
    }

    Optional<Spot> get(String key) {
        if (!keys.contains(key)) {
            throw new IllegalStateException("key " + key + " has no place in its shape");
        }
        return Optional.ofNullable(values.get(key));
    }

    /** The same; that it is missing is told. */
    Optional<Spot> required(String key) {
        Optional<Spot> found = get(key);
        return found.isPresent() ? found : spot.error("key " + key + " is missing");
    }

    /** Values by key, in the order of the file. */
    Map<String, Spot> values() {
        return values;
    }
}
