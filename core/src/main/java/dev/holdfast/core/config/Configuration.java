package dev.holdfast.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole of {@code holdfast.yaml}, valid in itself: every name that is used is there. Maps keep the order of the file. */
public record Configuration(
        Map<String, StorageSettings> storages,
        Map<String, RepositorySettings> repositories,
        Map<String, Service> services,
        List<NotifierSettings> notifiers,
        Limits limits) {
    public Configuration {
        storages = Collections.unmodifiableMap(new LinkedHashMap<>(storages));
        repositories = Collections.unmodifiableMap(new LinkedHashMap<>(repositories));
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        notifiers = List.copyOf(notifiers);
    }
}
