package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogConflictException;
import dev.holdfast.core.catalog.PlannedRun;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.schedule.Stagger;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes down what is due: a PENDING backup for each source of a service, once for each due time. Of several due times that were missed only the newest counts.
 * A service that is new begins with its next due time. A source that still waits or runs is left out: it is backed up anyway.
 */
final class Timetable {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    private final Catalog catalog;
    private final SourceLister sources;
    private final RepositoryIds repositories;
    private final RunIds ids;
    private final DaemonLog log;
    private final Map<String, Instant> notBefore = new HashMap<>();

    Timetable(Catalog catalog, SourceLister sources, RepositoryIds repositories, RunIds ids, DaemonLog log) {
        this.catalog = catalog;
        this.sources = sources;
        this.repositories = repositories;
        this.ids = ids;
        this.log = log;
    }

    /** Plans every service. One that cannot be planned now is tried again half a minute later, and stops no other. */
    void plan(Configuration configuration, Instant now) throws IOException {
        for (Service service : configuration.services().values()) {
            if (now.isBefore(notBefore.getOrDefault(service.name(), Instant.MIN))) {
                continue;
            }
            try {
                plan(service, now);
                notBefore.remove(service.name());
            } catch (CatalogConflictException quicker) {
                log.warn(quicker.getMessage());
            } catch (IOException | RuntimeException e) {
                notBefore.put(service.name(), now.plus(AFTER_FAILURE));
                log.error("service " + service.name() + " is due and cannot be planned", e);
            }
        }
    }

    private void plan(Service service, Instant now) throws IOException {
        Optional<Instant> last = catalog.lastDue(service.name());
        if (last.isEmpty()) {
            catalog.plan(service.name(), last, now.truncatedTo(ChronoUnit.MILLIS), List.of());
            return;
        }
        Optional<Instant> due = service.schedule().latest(last.get(), now);
        if (due.isEmpty()) {
            return;
        }
        RepositoryId repository = repositories.of(service.repository());
        SourceLister.Listed listed = sources.of(service);
        listed.warnings().forEach(log::warn);
        Set<SourceName> busy = busy(repository);
        List<PlannedRun> runs = new ArrayList<>();
        for (SourceName source : listed.sources()) {
            if (busy.contains(source)) {
                log.warn(source + " is due again and its last run has not ended: that one counts");
            } else {
                Duration share = Stagger.of(source, service.schedule().window());
                runs.add(new PlannedRun(ids.next(), repository, source, due.get().plus(share)));
            }
        }
        catalog.plan(service.name(), last, due.get(), runs);
        if (listed.sources().isEmpty()) {
            log.warn("service " + service.name() + " is due and has nothing to back up: holdfast discover says why");
        }
    }

    private Set<SourceName> busy(RepositoryId repository) throws IOException {
        Set<SourceName> busy = new HashSet<>();
        for (Backup backup : catalog.unfinished()) {
            if (backup.repository().equals(repository)) {
                busy.add(backup.source());
            }
        }
        return busy;
    }
}
