package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.CopyScope;
import dev.holdfast.core.pipeline.DrasticPlanException;
import dev.holdfast.core.pipeline.LeaseGuard;
import dev.holdfast.core.pipeline.LockTerm;
import dev.holdfast.core.pipeline.ReplicatePipeline;
import dev.holdfast.core.pipeline.ReplicateReport;
import dev.holdfast.core.pipeline.ReplicateSettings;
import dev.holdfast.core.pipeline.RetentionPipeline;
import dev.holdfast.core.pipeline.RetentionPipeline.Insistence;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.pipeline.SnapshotSurvey;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RepositoryCopy;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StoredObject;
import dev.holdfast.shim.daemon.CopyNotes;
import dev.holdfast.shim.host.ConfiguredStorages;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Brings one copy of a source up to its repository. */
final class ServiceCopy {
    private final Session session;
    private final Catalog catalog;
    private final ConfiguredStorages storages;
    private final Service service;
    private final Console console;

    ServiceCopy(Session session, Catalog catalog, ConfiguredStorages storages, Service service, Console console) {
        this.session = session;
        this.catalog = catalog;
        this.storages = storages;
        this.service = service;
        this.console = console;
    }

    /** Copies what is missing, then applies the copy's own retention; gives what was wrong with single objects. How it ended is kept for the judgement of the copy. */
    List<String> follow(Repository repository, SourceName source, CopyRule rule) throws IOException {
        Instant began = Instant.now();
        try {
            List<String> problems = pass(repository, source, rule);
            if (problems.isEmpty()) {
                CopyNotes.done(catalog, service.name(), source, rule, began, Instant.now());
            } else {
                CopyNotes.failed(
                        catalog, service.name(), source, rule, began, Instant.now(), String.join("; ", problems));
            }
            return problems;
        } catch (IOException | RuntimeException e) {
            CopyNotes.failed(catalog, service.name(), source, rule, began, Instant.now(), Console.sentence(e));
            throw e;
        }
    }

    private List<String> pass(Repository repository, SourceName source, CopyRule rule) throws IOException {
        Optional<LockTerm> term = rule.immutable().map(time -> new LockTerm(rule.lockMode(), time));
        RepositorySecret secret = session.secretForWriting(repository);
        String resource =
                ReplicatePipeline.resource(repository.descriptor().repository(), rule.storage() + "/" + rule.prefix());
        ReplicateSettings settings = term.map(ReplicateSettings.DEFAULT::with).orElse(ReplicateSettings.DEFAULT);
        try (Storage target = storages.open(rule);
                LeaseGuard guard =
                        LeaseGuard.take(catalog, resource, session.homeFolder().owner(), Clock.systemUTC())) {
            RepositoryCopy copy =
                    RepositoryCopy.open(repository, target, RepositoryCopy.Unmarked.REFUSE, Optional.of(secret));
            Holds holds = new Holds(repository, secret);
            Predicate<StoredObject> wanted = wanted(repository, holds, source, rule);
            ReplicateReport report = new ReplicatePipeline(repository, copy, settings, Clock.systemUTC())
                    .run(CopyScope.of(source).where(wanted), guard, new RunProgress());
            if (!report.copied().isEmpty()) {
                console.say("copied " + report.copied().size() + " snapshots with " + report.packs() + " packs ("
                        + Console.bytes(report.bytes()) + ") to " + rule.storage());
            }
            List<String> problems = new ArrayList<>(report.problems());
            retain(copy.repository(), holds, source, rule, guard).ifPresent(problems::add);
            return problems;
        }
    }

    private RetentionPolicy policy(CopyRule rule) {
        return rule.retention().orElse(service.retention());
    }

    /** Only what the copy's own policy would keep, or what it removed would come back with the next pass. */
    private Predicate<StoredObject> wanted(Repository repository, Holds holds, SourceName source, CopyRule rule)
            throws IOException {
        Set<String> kept = new HashSet<>();
        new RetentionPipeline(repository, holds, SnapshotSurvey.Locks.NONE, Clock.systemUTC())
                .plan(source, policy(rule), service.schedule().zone())
                .kept()
                .forEach(facts -> kept.add(facts.id().hex()));
        return object -> {
            String name = object.key().name();
            return kept.contains(name.substring(name.lastIndexOf('-') + 1));
        };
    }

    /** What is refused, for people. */
    private Optional<String> retain(Repository copy, Holds holds, SourceName source, CopyRule rule, LeaseGuard guard)
            throws IOException {
        try {
            new RetentionPipeline(copy, holds, SnapshotSurvey.Locks.of(copy.storage()), Clock.systemUTC())
                    .run(source, policy(rule), service.schedule().zone(), Insistence.ONCE, guard);
            return Optional.empty();
        } catch (DrasticPlanException e) {
            return Optional.of("in the copy " + rule.storage() + ", " + Console.sentence(e));
        }
    }
}
