package dev.holdfast.core.config;

import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.schedule.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something people rely on, and what is promised for it.
 *
 * @param tier 1 is the most important
 * @param rpo how old its newest good backup may be
 * @param rto how long a restore may take
 * @param dependsOn names of services that must be restored before it
 * @param repository name of its repository
 * @param group sources of one group share a limit of runs at once, for example the disk they lie on
 */
public record Service(
        String name,
        int tier,
        Duration rpo,
        Optional<Duration> rto,
        List<String> dependsOn,
        String repository,
        List<SourceRule> sources,
        Schedule schedule,
        RetentionPolicy retention,
        List<CopyRule> copies,
        HookSettings hooks,
        Optional<String> group) {
    public Service {
        dependsOn = List.copyOf(dependsOn);
        sources = List.copyOf(sources);
        copies = List.copyOf(copies);
    }
}
