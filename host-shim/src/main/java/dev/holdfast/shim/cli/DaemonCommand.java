package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.notify.NotifierOptions;
import dev.holdfast.shim.daemon.Alarm;
import dev.holdfast.shim.daemon.ConfiguredSources;
import dev.holdfast.shim.daemon.Daemon;
import dev.holdfast.shim.daemon.DaemonLock;
import dev.holdfast.shim.daemon.DaemonLog;
import dev.holdfast.shim.daemon.DaemonParts;
import dev.holdfast.shim.daemon.Hangup;
import dev.holdfast.shim.daemon.NotifierSecrets;
import dev.holdfast.shim.daemon.Outlook;
import dev.holdfast.shim.daemon.ProcessStarter;
import dev.holdfast.shim.daemon.Repositories;
import dev.holdfast.shim.host.ConfiguredStorages;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.Storages;
import dev.holdfast.shim.service.ServiceSource;
import dev.holdfast.shim.service.ServiceSources;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast daemon}. */
@Command(
        name = "daemon",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Backs up, copies, removes and alerts by itself, as the configuration that was applied says.",
            "SIGTERM: starts nothing more, and ends when what runs is done. SIGHUP: reads the configuration again."
        })
final class DaemonCommand implements Callable<Integer> {
    @Option(
            names = "--log",
            paramLabel = "FORM",
            description = "text (default), or json: one object on each line, with the ids of runs")
    private DaemonLog.Form log = DaemonLog.Form.TEXT;

    @Option(
            names = "--drain",
            paramLabel = "MINUTES",
            description = "after SIGTERM, how long runs may go on before they are asked to end (default: 60)")
    private int drainMinutes = 60;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return work(Clock.systemUTC(), log, Duration.ofMinutes(drainMinutes));
    }

    /**
     * Works until SIGTERM.
     *
     * @param clock that schedules go by
     * @param drain after SIGTERM, how long runs may go on
     */
    static int work(Clock clock, DaemonLog.Form form, Duration drain) throws IOException, InterruptedException {
        HostHome home = Session.home();
        DaemonLog said = new DaemonLog(System.out, form, clock);
        Configuration configuration = ConfigurationInput.required();
        try (DaemonLock _ = DaemonLock.take(home.folder());
                Catalog catalog = home.catalog();
                Alarm alarm = alarm(home, catalog, said)) {
            Daemon daemon = new Daemon(parts(home, catalog, alarm, clock, said), configuration);
            CountDownLatch done = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                daemon.drain(drain);
                done.countDown();
            }));
            Hangup.listen(() -> reload(daemon, said));
            daemon.start();
            said.say("daemon of " + configuration.services().size() + " services is at work");
            done.await();
        }
        return ExitCode.DONE;
    }

    private static void reload(Daemon daemon, DaemonLog log) {
        try {
            daemon.take(ConfigurationInput.required());
            log.say("the configuration was read again");
        } catch (IOException | RuntimeException e) {
            log.error("the configuration is wrong, the old one stays", e);
        }
    }

    private static DaemonParts parts(HostHome home, Catalog catalog, Alarm alarm, Clock clock, DaemonLog log)
            throws IOException {
        String launcher = System.getProperty("holdfast.launcher", "");
        if (launcher.isEmpty()) {
            throw new IllegalArgumentException("start the daemon with the program bin/holdfast");
        }
        return new DaemonParts(
                catalog,
                home.owner(),
                clock,
                new SecureRandom(),
                (configuration, service) -> listed(home, configuration, service),
                repositories(home, catalog),
                new ProcessStarter(launcher, Map.of(), log),
                alarm,
                log);
    }

    private static Alarm alarm(HostHome home, Catalog catalog, DaemonLog log) throws IOException {
        Storages references = Storages.of(home, System.getenv());
        return new Alarm(
                catalog,
                new NotifierSecrets(reference -> references.referred("a notifier's secret", reference)),
                NotifierOptions.DEFAULT,
                HostHome.hostName(),
                log);
    }

    private static Repositories repositories(HostHome home, Catalog catalog) {
        return new Repositories(
                catalog, configuration -> new ConfiguredStorages(Storages.of(home, System.getenv()), configuration));
    }

    /** For one look, without a daemon. */
    static Outlook outlook(HostHome home, Catalog catalog) {
        return Outlook.of(
                catalog, (configuration, service) -> listed(home, configuration, service), repositories(home, catalog));
    }

    static ConfiguredSources.Listed listed(HostHome home, Configuration configuration, Service service)
            throws IOException {
        ServiceSources.Listed listed = new ServiceSources(configuration, home.folder(), System.getenv()).of(service);
        return new ConfiguredSources.Listed(
                listed.sources().stream().map(ServiceSource::name).toList(), listed.absent(), listed.warnings());
    }
}
