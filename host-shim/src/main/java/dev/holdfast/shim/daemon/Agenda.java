package dev.holdfast.shim.daemon;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.shim.service.ScheduleKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sources of all services, looked up again every minute, so that a new container is in the next run. A service that cannot be looked up
 * now keeps what it had.
 */
final class Agenda {
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final ConfiguredSources sources;
    private final DaemonLog log;
    private final Map<String, List<SourceName>> known = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private Instant next = Instant.MIN;

    Agenda(ConfiguredSources sources, DaemonLog log) {
        this.sources = sources;
        this.log = log;
    }

    /** One source and what is said of it. */
    record Item(Service service, SourceName source) {
        ScheduleKey key() {
            return new ScheduleKey(service.name(), source);
        }
    }

    /** All sources, each name once: one that two services have belongs to the first of them. */
    List<Item> items(Configuration configuration, Instant now) {
        if (!now.isBefore(next)) {
            next = now.plus(LOOK);
            configuration.services().values().forEach(service -> look(configuration, service));
        }
        Map<SourceName, Item> items = new LinkedHashMap<>();
        for (Service service : configuration.services().values()) {
            for (SourceName source : known.getOrDefault(service.name(), List.of())) {
                Item first = items.putIfAbsent(source, new Item(service, source));
                if (first != null) {
                    tellOnce("source " + source + " belongs to services "
                            + first.service().name() + " and " + service.name() + ": only the first backs it up");
                }
            }
        }
        return new ArrayList<>(items.values());
    }

    private void look(Configuration configuration, Service service) {
        try {
            ConfiguredSources.Listed listed = sources.of(configuration, service);
            known.put(service.name(), listed.sources());
            listed.warnings().forEach(this::tellOnce);
            if (listed.sources().isEmpty()) {
                tellOnce("service " + service.name() + " has nothing to back up: holdfast discover says why");
            }
        } catch (IOException | RuntimeException e) {
            log.error("the sources of service " + service.name() + " cannot be looked up now", e);
        }
    }

    private void tellOnce(String warning) {
        if (told.add(warning)) {
            log.warn(warning);
        }
    }

    /** Looks everything up at the next question, as after a change of the configuration. */
    void forget() {
        next = Instant.MIN;
        known.clear();
        told.clear();
    }
}
