package dev.holdfast.shim.host;

import dev.holdfast.core.config.StorageTypes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One storage as the configuration keeps it.
 *
 * @param type one of {@link StorageTypes#NAMES}
 * @param settings plain settings by name
 * @param secrets secret settings by name: {@code env:NAME} and {@code file:/path} are references, {@code sealed:…} is sealed with the
 *     instance's key
 */
public record StorageEntry(String type, Map<String, String> settings, Map<String, String> secrets) {
    public StorageEntry {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
    }

    @Override
    public String toString() {
        return "StorageEntry[" + type + " " + settings + " secrets " + secrets.keySet() + "]";
    }
}
