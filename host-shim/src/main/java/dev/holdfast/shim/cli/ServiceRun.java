package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.config.RepositorySettings;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.BackupSettings;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.daemon.RetentionNotes;
import dev.holdfast.shim.host.ConfiguredStorages;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.Storages;
import dev.holdfast.shim.service.HostHooks;
import dev.holdfast.shim.service.ScheduleKey;
import dev.holdfast.shim.service.ServiceSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One planned backup from its hooks to its end: the snapshot, then the copies, then what may go. Only the backup itself decides whether the run failed; a
 * copy that failed is kept in mind for the next pass and told by its age.
 */
final class ServiceRun {
    private final HostHome home;
    private final Catalog catalog;
    private final Configuration configuration;
    private final Service service;
    private final Console console;
    private final ConfiguredStorages storages;
    private int warnings;

    ServiceRun(HostHome home, Catalog catalog, Configuration configuration, Service service, Console console)
            throws IOException {
        this.home = home;
        this.catalog = catalog;
        this.configuration = configuration;
        this.service = service;
        this.console = console;
        this.storages = new ConfiguredStorages(Storages.of(home, System.getenv()), configuration);
    }

    int run(Backup backup, ServiceSource source) throws IOException {
        RepositorySettings place =
                Objects.requireNonNull(configuration.repositories().get(service.repository()));
        try (Session session = Session.of(home, place.storage() + "/" + place.prefix(), storages.open(place))) {
            BackupRun.Done done = backUp(session, backup, source);
            done.say(console);
            done.result().warnings().forEach(this::warn);
            Repository repository = session.repository();
            for (CopyRule copy : service.copies()) {
                copy(session, repository, backup, copy);
            }
            Holds holds = new Holds(repository, session.secretForWriting(repository));
            retain(
                    backup.source(),
                    () -> new SourceRetention(session.homeFolder(), catalog, repository, holds)
                            .apply(
                                    backup.source(),
                                    service.retention(),
                                    service.schedule().zone(),
                                    console));
        }
        return warnings == 0 ? ExitCode.DONE : ExitCode.WARNINGS;
    }

    private BackupRun.Done backUp(Session session, Backup backup, ServiceSource source) throws IOException {
        HostHooks hooks = new HostHooks(service.hooks());
        BackupRun run = BackupRun.prepare(session, catalog, BackupSettings.defaults());
        BackupRun.Done done;
        try {
            done = run.run(backup.run(), source.name(), () -> opened(hooks, source), console);
        } catch (IOException | RuntimeException e) {
            hooks.after().ifPresent(this::warn);
            throw e;
        }
        hooks.after().ifPresent(this::warn);
        return done;
    }

    private static BackupSource opened(HostHooks hooks, ServiceSource source) throws IOException {
        hooks.before();
        return source.opening().open();
    }

    private void copy(Session session, Repository repository, Backup backup, CopyRule rule) {
        try {
            ServiceCopy copy = new ServiceCopy(session, catalog, storages, service, console);
            List<String> problems = new ArrayList<>(copy.follow(repository, backup.source(), rule));
            problems.forEach(this::warn);
        } catch (IOException | RuntimeException e) {
            warn("the copy in " + rule.storage() + " is behind: " + Console.sentence(e));
        }
    }

    private void retain(SourceName source, Retention retention) throws IOException {
        Optional<String> refusal;
        try {
            refusal = retention.apply();
        } catch (IOException | RuntimeException e) {
            refusal = Optional.of("old snapshots were not removed: " + Console.sentence(e));
        }
        refusal.ifPresent(this::warn);
        RetentionNotes.keep(catalog, new ScheduleKey(service.name(), source), refusal);
    }

    @FunctionalInterface
    private interface Retention {
        Optional<String> apply() throws IOException;
    }

    private void warn(String warning) {
        warnings++;
        console.warn(warning);
    }
}
