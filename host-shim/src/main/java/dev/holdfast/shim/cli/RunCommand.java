package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Plan;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.RunId;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.service.ScheduleKey;
import dev.holdfast.shim.service.ServiceSource;
import dev.holdfast.shim.service.ServiceSources;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code holdfast run}: what the daemon starts for each planned backup. */
@Command(
        name = "run",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Runs one backup that the daemon has planned; the daemon calls it.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "RUN", description = "id of the planned run")
    private @Nullable String run;

    @Override
    public Integer call() throws IOException {
        RunId id = new RunId(Objects.requireNonNull(run));
        HostHome home = Session.home();
        Console console = options.console();
        try (Catalog catalog = home.catalog()) {
            Backup backup = catalog.find(id)
                    .filter(one -> one.status() == BackupStatus.PENDING)
                    .filter(one -> one.plan().isPresent())
                    .orElseThrow(() -> new NotFoundException("run " + id + " is not planned"));
            try {
                Configuration configuration = ConfigurationInput.required();
                Service service = service(configuration, backup.plan().orElseThrow());
                ServiceSource source = source(home, configuration, service, backup);
                return new ServiceRun(home, catalog, configuration, service, console).run(backup, source);
            } catch (IOException | RuntimeException e) {
                settle(catalog, id, e);
                throw e;
            }
        }
    }

    /** A failure before the backup itself began is not in the catalog yet. */
    private static void settle(Catalog catalog, RunId id, Exception failure) throws IOException {
        boolean open = catalog.find(id)
                .filter(backup -> backup.status() == BackupStatus.PENDING)
                .isPresent();
        if (open) {
            catalog.fail(id, Console.sentence(failure));
        }
    }

    private static Service service(Configuration configuration, Plan plan) throws NotFoundException {
        String name = ScheduleKey.parse(plan.schedule()).service();
        return Optional.ofNullable(configuration.services().get(name))
                .orElseThrow(() -> new NotFoundException("the configuration has no service " + name + " any more"));
    }

    private static ServiceSource source(HostHome home, Configuration configuration, Service service, Backup backup)
            throws IOException {
        return new ServiceSources(configuration, home.folder(), System.getenv())
                .of(service).sources().stream()
                        .filter(one -> one.name().equals(backup.source()))
                        .findFirst()
                        .orElseThrow(() -> new NotFoundException("service " + service.name() + " has no source "
                                + backup.source() + " any more: its container is gone or does not run"));
    }
}
