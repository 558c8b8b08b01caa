package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogConflictException;
import dev.holdfast.core.catalog.PlannedRun;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.schedule.Plan;
import dev.holdfast.core.schedule.Planner;
import dev.holdfast.core.schedule.RunLimits;
import dev.holdfast.core.schedule.RunningSource;
import dev.holdfast.core.schedule.ScheduledSource;
import dev.holdfast.core.schedule.Start;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the planner what starts now, and writes it down before it starts: a PENDING backup, and how far its source is planned, in one change. So a
 * crash neither loses a run nor doubles one.
 */
final class Timetable {
    private final Catalog catalog;
    private final Agenda agenda;
    private final Repositories repositories;
    private final RunIds ids;
    private final DaemonLog log;
    private final Map<String, Instant> planned = new HashMap<>();

    Timetable(Catalog catalog, Agenda agenda, Repositories repositories, RunIds ids, DaemonLog log) {
        this.catalog = catalog;
        this.agenda = agenda;
        this.repositories = repositories;
        this.ids = ids;
        this.log = log;
    }

    /** What is due and has room, written down. One that cannot be written down now is tried again at the next tick. */
    List<Backup> plan(Configuration configuration, List<RunningSource> running, Instant now) throws IOException {
        Map<SourceName, Agenda.Item> items = new HashMap<>();
        List<ScheduledSource> sources = new ArrayList<>();
        for (Agenda.Item item : agenda.items(configuration, now)) {
            items.put(item.source(), item);
            sources.add(new ScheduledSource(
                    item.source(), item.service().schedule(), item.service().group(), planned(item, now)));
        }
        RunLimits limits = new RunLimits(
                configuration.limits().host(), configuration.limits().groups());
        Plan plan = Planner.plan(sources, running, limits, now);
        List<Backup> due = new ArrayList<>();
        for (Start start : plan.starts()) {
            Agenda.Item item = Optional.ofNullable(items.get(start.source())).orElseThrow();
            try {
                due.add(write(configuration, item, start, now));
            } catch (IOException | RuntimeException e) {
                log.error(start.source() + " is due and cannot be planned", e);
            }
        }
        return due;
    }

    private Backup write(Configuration configuration, Agenda.Item item, Start start, Instant now) throws IOException {
        String key = item.key().text();
        PlannedRun run = new PlannedRun(
                ids.next(),
                repositories.id(configuration, item.service().repository()),
                item.source(),
                now.truncatedTo(ChronoUnit.MILLIS));
        try {
            Backup backup = catalog.plan(key, Optional.ofNullable(planned.get(key)), start.due(), List.of(run))
                    .getFirst();
            planned.put(key, start.due());
            return backup;
        } catch (CatalogConflictException e) {
            planned.remove(key);
            throw e;
        }
    }

    /** How far a source is planned; one that is new begins with its next due time. */
    private Instant planned(Agenda.Item item, Instant now) throws IOException {
        String key = item.key().text();
        Instant known = planned.get(key);
        if (known != null) {
            return known;
        }
        Optional<Instant> last = catalog.lastDue(key);
        if (last.isEmpty()) {
            Instant from = now.truncatedTo(ChronoUnit.MILLIS);
            catalog.plan(key, last, from, List.of());
            last = Optional.of(from);
        }
        planned.put(key, last.get());
        return last.get();
    }
}
