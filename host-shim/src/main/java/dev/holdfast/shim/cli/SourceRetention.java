package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.DrasticPlanException;
import dev.holdfast.core.pipeline.ForgetPipeline;
import dev.holdfast.core.pipeline.LeaseGuard;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.pipeline.RetentionPipeline;
import dev.holdfast.core.pipeline.RetentionPipeline.Insistence;
import dev.holdfast.core.pipeline.SnapshotSurvey;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.shim.host.HostHome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** Removes what a service's policy no longer keeps, and packs that a killed run left behind, after each of its backups. */
final class SourceRetention {
    /** Longer than any run of another host takes. */
    private static final Duration ORPHANS_OLDER_THAN = Duration.ofHours(24);

    private final HostHome home;
    private final Catalog catalog;
    private final Repository repository;
    private final Holds holds;

    SourceRetention(HostHome home, Catalog catalog, Repository repository, Holds holds) {
        this.home = home;
        this.catalog = catalog;
        this.repository = repository;
        this.holds = holds;
    }

    /** Applies a policy once; what it refuses is a warning. */
    Optional<String> apply(SourceName source, RetentionPolicy policy, ZoneId zone, Console console) throws IOException {
        Clock clock = Clock.systemUTC();
        String resource = RecordedBackup.resource(repository.descriptor().repository(), source);
        try (LeaseGuard guard = LeaseGuard.take(catalog, resource, home.owner(), clock)) {
            RetentionPipeline.Result result = new RetentionPipeline(
                            repository, holds, SnapshotSurvey.Locks.of(repository.storage()), clock)
                    .run(source, policy, zone, Insistence.ONCE, guard);
            ForgetPipeline.Forgotten forgotten = result.forgotten()
                    .plus(new ForgetPipeline(repository, clock).sweep(source, ORPHANS_OLDER_THAN, guard));
            if (forgotten.snapshots() > 0 || forgotten.packs() > 0) {
                console.say("removed " + forgotten.snapshots() + " old snapshots and " + forgotten.packs() + " packs ("
                        + Console.bytes(forgotten.bytes()) + ")");
            }
            return Optional.empty();
        } catch (DrasticPlanException e) {
            return Optional.of(Console.sentence(e));
        }
    }
}
