package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does for months what the commands do once. Two threads: one plans and starts every second, the other looks at the storages every minute, which may take
 * as long as a storage does. All that must survive a crash is in the catalog.
 */
public final class Daemon {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Catalog catalog;
    private final Clock clock;
    private final DaemonLog log;
    private final AtomicReference<Configuration> configuration;
    private final Timetable timetable;
    private final Dispatcher dispatcher;
    private final Recovery recovery;
    private final Retries retries;
    private final Watch watch;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("holdfast-ticks").factory());
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("holdfast-looks").factory());
    private volatile boolean draining;

    public Daemon(DaemonParts parts, Configuration first) {
        this.catalog = parts.catalog();
        this.clock = parts.clock();
        this.log = parts.log();
        this.configuration = new AtomicReference<>(first);
        RunIds ids = new RunIds(parts.random());
        this.timetable = new Timetable(
                catalog,
                service -> parts.sources().of(current(), service),
                name -> parts.repositories().id(current(), name),
                ids,
                log);
        this.dispatcher = new Dispatcher(catalog, parts.starter());
        this.recovery = new Recovery(
                catalog, parts.owner(), backup -> parts.repositories().of(current(), backup), log);
        this.retries = new Retries(catalog, ids);
        this.watch = new Watch(parts);
    }

    private Configuration current() {
        return configuration.get();
    }

    /** Settles what an earlier daemon left, then works until {@link #drain}. */
    public void start() throws IOException {
        recovery.settle(_ -> false);
        planAgain();
        ticks.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** From the next tick on. */
    public void take(Configuration next) {
        configuration.set(next);
    }

    private void tick() {
        try {
            Instant now = clock.instant();
            Configuration current = current();
            if (!draining) {
                timetable.plan(current, now);
            }
            for (Dispatcher.Ended ended : dispatcher.ended()) {
                settle(current, ended);
            }
            if (!draining) {
                for (Backup backup : dispatcher.start(current, now)) {
                    watch.started(current, backup);
                }
            }
        } catch (IOException | RuntimeException e) {
            log.error("a tick failed, the next one tries again", e);
        }
    }

    private void settle(Configuration current, Dispatcher.Ended ended) throws IOException {
        Backup backup = ended.backup();
        if (status(backup) == BackupStatus.PENDING) {
            catalog.fail(backup.run(), ended.said());
        }
        if (status(backup) == BackupStatus.RUNNING) {
            recovery.settle(other -> !other.run().equals(backup.run()));
        }
        Optional<Backup> settled = catalog.find(backup.run());
        settled.ifPresent(now -> watch.ended(current, now));
        planAgain();
    }

    private BackupStatus status(Backup backup) throws IOException {
        return catalog.find(backup.run()).map(Backup::status).orElse(BackupStatus.FAILED);
    }

    private void planAgain() throws IOException {
        List<Backup> again = retries.plan(clock.instant());
        for (Backup backup : again) {
            log.warn(backup.source() + " failed and is tried again at "
                    + backup.plan().orElseThrow().notBefore());
        }
    }

    private void look() {
        try {
            recovery.settle(_ -> false);
            watch.look(current(), clock.instant());
        } catch (IOException | RuntimeException e) {
            log.error("the storages could not be looked at, the next minute tries again", e);
        }
    }

    /**
     * Starts nothing more, and waits for what runs.
     *
     * @param patience after it, what still runs is asked to end
     */
    public void drain(Duration patience) {
        draining = true;
        log.say(dispatcher.atWork() == 0 ? "ending" : "ending once " + dispatcher.atWork() + " runs are done");
        long begun = System.nanoTime();
        try {
            while (dispatcher.atWork() > 0 && System.nanoTime() - begun < patience.toNanos()) {
                Thread.sleep(200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dispatcher.stopAll();
        looks.shutdownNow();
        ticks.shutdown();
    }
}
