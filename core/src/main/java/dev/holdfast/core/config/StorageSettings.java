package dev.holdfast.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A storage as the configuration names it.
 *
 * @param type one of {@link StorageTypes#NAMES}, or {@link #REGISTERED}
 * @param settings plain settings by name
 * @param secrets references to secret settings by name: {@code env:NAME} or {@code file:/path}, never the secret itself
 */
public record StorageSettings(String type, Map<String, String> settings, Map<String, String> secrets) {
    /** The type of one that was added to this host with {@code holdfast storage add} or {@code login} under the same name, where its secrets are kept sealed. */
    public static final String REGISTERED = "registered";

    public StorageSettings {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
    }
}
