package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.freshness.Evidence;
import dev.holdfast.core.freshness.FreshnessJudge;
import dev.holdfast.core.freshness.FreshnessPolicy;
import dev.holdfast.core.freshness.Runs;
import dev.holdfast.core.freshness.Subject;
import dev.holdfast.core.freshness.Timing;
import dev.holdfast.core.freshness.Unseen;
import dev.holdfast.core.freshness.Verdict;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.shim.service.ScheduleKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Looks at what the storages really hold, and judges every source and every copy by it. */
public final class Outlook {
    private static final int RUNS_LOOKED_AT = 10;

    private final Catalog catalog;
    private final ConfiguredSources sources;
    private final Repositories repositories;
    private final SnapshotTimes times;

    Outlook(Catalog catalog, ConfiguredSources sources, Repositories repositories, SnapshotTimes times) {
        this.catalog = catalog;
        this.sources = sources;
        this.repositories = repositories;
        this.times = times;
    }

    /** For one look at everything. */
    public static Outlook of(Catalog catalog, ConfiguredSources sources, Repositories repositories) {
        return new Outlook(catalog, sources, repositories, new SnapshotTimes());
    }

    /**
     * Something that is wrong besides the age of snapshots.
     *
     * @param key the same as long as it lasts
     * @param text for people
     * @param unseen what could not be looked at because of it
     */
    public record Trouble(String key, String service, String title, String text, Optional<Unseen> unseen) {}

    /**
     * What was seen.
     *
     * @param troubles also what could not be looked at: nothing is said about it in the verdicts
     */
    public record Seen(List<Verdict> verdicts, List<Trouble> troubles) {
        public Seen {
            verdicts = List.copyOf(verdicts);
            troubles = List.copyOf(troubles);
        }
    }

    /** Looks at all services. A storage that cannot be reached is a trouble, and stops no other. */
    public Seen look(Configuration configuration, Instant now) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Trouble> troubles = new ArrayList<>();
        for (Service service : configuration.services().values()) {
            try {
                look(configuration, service, now, verdicts, troubles);
            } catch (IOException | RuntimeException e) {
                troubles.add(new Trouble(
                        "unseen:" + service.name(),
                        service.name(),
                        service.name() + ": repository cannot be looked at",
                        "service " + service.name() + ": " + said(e),
                        Optional.of(Unseen.service(service.name()))));
            }
        }
        return new Seen(verdicts, troubles);
    }

    private void look(
            Configuration configuration, Service service, Instant now, List<Verdict> verdicts, List<Trouble> troubles)
            throws IOException {
        FreshnessJudge judge = new FreshnessJudge(
                FreshnessPolicy.DEFAULT.withZone(service.schedule().zone()));
        List<SourceName> names = judged(service, sources.of(configuration, service));
        List<Evidence.OfSource> evidence = new ArrayList<>();
        try (OpenRepository open = repositories.open(configuration, service.repository())) {
            for (SourceName name : names) {
                evidence.add(evidence(service, name, open.repository()));
            }
        }
        evidence.forEach(one -> verdicts.add(judge.judge(one, now)));
        for (SourceName name : names) {
            RetentionNotes.refusal(catalog, new ScheduleKey(service.name(), name))
                    .ifPresent(why -> troubles.add(new Trouble(
                            "retention:" + service.name() + "/" + name,
                            service.name(),
                            name + ": old snapshots are not removed",
                            name + ": " + why,
                            Optional.empty())));
        }
        for (CopyRule copy : service.copies()) {
            try {
                verdicts.addAll(look(configuration, service, copy, evidence, judge, now));
            } catch (IOException e) {
                troubles.add(new Trouble(
                        "unseen:" + service.name() + "@" + copy.storage(),
                        service.name(),
                        service.name() + ": copy " + copy.storage() + " cannot be looked at",
                        "copy " + copy.storage() + " of service " + service.name() + ": " + said(e),
                        Optional.of(Unseen.copy(service.name(), copy.storage()))));
            }
        }
    }

    /** All that can be backed up, and what was once planned and cannot be now: a database that stands still is not one that needs no backup. */
    private List<SourceName> judged(Service service, ConfiguredSources.Listed listed) throws IOException {
        List<SourceName> names = new ArrayList<>(listed.sources());
        for (SourceName absent : listed.absent()) {
            if (catalog.lastDue(new ScheduleKey(service.name(), absent).text()).isPresent()) {
                names.add(absent);
            }
        }
        return names;
    }

    private List<Verdict> look(
            Configuration configuration,
            Service service,
            CopyRule copy,
            List<Evidence.OfSource> origins,
            FreshnessJudge judge,
            Instant now)
            throws IOException {
        Optional<OpenRepository> open = repositories.open(configuration, copy);
        if (open.isEmpty()) {
            return judged(service, copy, origins, Optional.empty(), judge, now);
        }
        try (OpenRepository found = open.get()) {
            return judged(service, copy, origins, Optional.of(found.repository()), judge, now);
        }
    }

    private List<Verdict> judged(
            Service service,
            CopyRule copy,
            List<Evidence.OfSource> origins,
            Optional<Repository> repository,
            FreshnessJudge judge,
            Instant now)
            throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        for (Evidence.OfSource origin : origins) {
            verdicts.add(judge.judge(evidence(service, copy, origin, repository), now));
        }
        return verdicts;
    }

    private Evidence.OfSource evidence(Service service, SourceName name, Repository repository) throws IOException {
        RepositoryId id = repository.descriptor().repository();
        List<Backup> runs = catalog.list(Optional.of(name), RUNS_LOOKED_AT).stream()
                .filter(backup -> backup.repository().equals(id))
                .toList();
        SnapshotTimes.Good good = times.of(repository, name);
        return new Evidence.OfSource(
                Subject.source(service.name(), name),
                service.rpo(),
                good.taken(),
                good.small(),
                runs(runs),
                timing(service, name));
    }

    private Evidence.OfCopy evidence(
            Service service, CopyRule copy, Evidence.OfSource origin, Optional<Repository> repository)
            throws IOException {
        SourceName name = origin.subject().source().orElseThrow();
        List<Instant> good =
                repository.isPresent() ? times.of(repository.get(), name).taken() : List.of();
        return new Evidence.OfCopy(
                Subject.copy(service.name(), name, copy.storage()),
                service.rpo(),
                good,
                origin.good(),
                new Runs(origin.runs().active(), CopyNotes.last(catalog, service.name(), name, copy)));
    }

    private static Runs runs(List<Backup> newestFirst) {
        Optional<Instant> active = newestFirst.stream()
                .filter(backup -> !backup.status().isFinal())
                .map(backup -> backup.started().orElse(backup.created()))
                .findFirst();
        Optional<Runs.Outcome> last = newestFirst.stream()
                .filter(backup -> backup.status().isFinal())
                .findFirst()
                .map(Outlook::outcome);
        return new Runs(active, last);
    }

    private static Runs.Outcome outcome(Backup backup) {
        Instant began = backup.started().orElse(backup.created());
        Instant finished = backup.finished().orElseThrow();
        return backup.status() == BackupStatus.COMPLETED
                ? new Runs.Succeeded(began, finished)
                : new Runs.Failed(began, finished, backup.error().orElse("for an unknown reason"));
    }

    /** The first time that the schedule names after the newest one that was planned. */
    private Optional<Timing> timing(Service service, SourceName name) throws IOException {
        return catalog.lastDue(new ScheduleKey(service.name(), name).text())
                .map(due -> new Timing(
                        service.schedule().next(due), service.schedule().window()));
    }

    private static String said(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
}
