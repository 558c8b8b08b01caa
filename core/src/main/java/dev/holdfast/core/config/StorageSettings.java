package dev.holdfast.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A storage as the configuration names it.
 *
 * @param type for example {@code r2}
 * @param settings plain settings by name
 * @param secrets references to secret settings by name: {@code env:NAME} or {@code file:/path}, never the secret itself
 */
public record StorageSettings(String type, Map<String, String> settings, Map<String, String> secrets) {
    public StorageSettings {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
    }
}
