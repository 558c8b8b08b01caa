package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Plan;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.schedule.RunningSource;
import dev.holdfast.shim.service.ScheduleKey;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private static final Duration LAST_TICK = Duration.ofSeconds(30);

    private final Catalog catalog;
    private final Clock clock;
    private final DaemonLog log;
    private final AtomicReference<Configuration> configuration;
    private final AtomicReference<Configuration> planned;
    private final Agenda agenda;
    private final Timetable timetable;
    private final Workers workers;
    private final Recovery recovery;
    private final Retries retries;
    private final Watch watch;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("holdfast-ticks").factory());
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("holdfast-looks").factory());
    private final List<Future<?>> beats = new ArrayList<>();
    private volatile boolean draining;

    public Daemon(DaemonParts parts, Configuration first) {
        this.catalog = parts.catalog();
        this.clock = parts.clock();
        this.log = parts.log();
        this.configuration = new AtomicReference<>(first);
        this.planned = new AtomicReference<>(first);
        RunIds ids = new RunIds(parts.random());
        this.agenda = new Agenda(parts.sources(), log);
        this.timetable = new Timetable(catalog, agenda, parts.repositories(), ids, log);
        this.workers = new Workers(parts.starter());
        this.recovery = new Recovery(
                catalog, parts.owner(), backup -> parts.repositories().of(configuration.get(), backup), log);
        this.retries = new Retries(catalog, ids);
        this.watch = new Watch(parts);
    }

    /** Settles what an earlier daemon left, then works until {@link #drain}. */
    public void start() throws IOException {
        recovery.settle(_ -> false);
        planAgain();
        beats.add(ticks.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS));
        beats.add(looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** From the next tick on. */
    public void take(Configuration next) {
        configuration.set(next);
    }

    private void tick() {
        try {
            Configuration current = configuration.get();
            if (!planned.getAndSet(current).equals(current)) {
                agenda.forget();
            }
            for (Workers.Ended ended : workers.ended()) {
                settle(current, ended);
            }
            if (!draining) {
                startWaiting(current);
                timetable.plan(current, running(current), clock.instant()).forEach(backup -> start(current, backup));
            }
        } catch (IOException | RuntimeException e) {
            log.error("a tick failed, the next one tries again", e);
        }
    }

    /** What was planned and not started: second attempts, and what a crash came before. */
    private void startWaiting(Configuration current) throws IOException {
        Instant now = clock.instant();
        for (Backup backup : catalog.unfinished()) {
            boolean ready = backup.status() == BackupStatus.PENDING
                    && !workers.has(backup)
                    && backup.plan()
                            .filter(plan -> !plan.notBefore().isAfter(now))
                            .isPresent();
            if (ready && hasRoom(current, backup)) {
                start(current, backup);
            }
        }
    }

    private boolean hasRoom(Configuration current, Backup backup) throws IOException {
        List<RunningSource> running = running(current);
        RunningSource next = running(current, backup);
        long ofGroup = running.stream()
                .filter(other -> other.group().equals(next.group()))
                .count();
        return running.size() < current.limits().host()
                && running.stream().noneMatch(other -> other.source().equals(next.source()))
                && next.group()
                        .map(group -> ofGroup < current.limits().groups().getOrDefault(group, 1))
                        .orElse(true);
    }

    private void start(Configuration current, Backup backup) {
        try {
            workers.start(backup);
            watch.started(current, backup);
        } catch (IOException | RuntimeException e) {
            log.error("the process for " + backup.source() + " cannot be started", e);
            failUnstarted(backup, e);
        }
    }

    /** Then it is tried again like any other that failed, and told. */
    private void failUnstarted(Backup backup, Exception failure) {
        try {
            catalog.fail(backup.run(), "its process could not be started: " + failure.getMessage());
            planAgain();
        } catch (IOException e) {
            log.error("that could not be recorded either", e);
        }
    }

    /** What runs, also by hand or from before a crash of this daemon. */
    private List<RunningSource> running(Configuration current) throws IOException {
        List<RunningSource> running = new ArrayList<>();
        for (Backup backup : catalog.unfinished()) {
            if (backup.status() == BackupStatus.RUNNING || workers.has(backup)) {
                running.add(running(current, backup));
            }
        }
        return running;
    }

    private static RunningSource running(Configuration current, Backup backup) {
        Optional<String> group = backup.plan()
                .map(plan -> ScheduleKey.parse(plan.schedule()).service())
                .flatMap(name -> Optional.ofNullable(current.services().get(name)))
                .flatMap(Service::group);
        return new RunningSource(backup.source(), group);
    }

    private void settle(Configuration current, Workers.Ended ended) throws IOException {
        Backup backup = ended.backup();
        if (status(backup) == BackupStatus.PENDING) {
            catalog.fail(backup.run(), ended.said());
        }
        if (status(backup) == BackupStatus.RUNNING) {
            recovery.settle(other -> !other.run().equals(backup.run()));
        }
        Optional<Backup> settled = catalog.find(backup.run());
        settled.filter(now -> now.status().isFinal()).ifPresent(now -> watch.ended(current, now));
        planAgain();
    }

    private BackupStatus status(Backup backup) throws IOException {
        return catalog.find(backup.run()).map(Backup::status).orElse(BackupStatus.FAILED);
    }

    private void planAgain() throws IOException {
        for (Backup backup : retries.plan(clock.instant())) {
            log.warn(backup.source() + " failed and is tried again at "
                    + backup.plan().map(Plan::notBefore).orElseThrow());
        }
    }

    private void look() {
        try {
            recovery.settle(workers::has);
            watch.look(configuration.get(), clock.instant());
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
        log.say(workers.count() == 0 ? "ending" : "ending once " + workers.count() + " runs are done");
        long begun = System.nanoTime();
        try {
            while (workers.count() > 0 && System.nanoTime() - begun < patience.toNanos()) {
                Thread.sleep(100);
            }
            workers.stop();
            beats.forEach(beat -> beat.cancel(false));
            ticks.shutdown();
            ticks.awaitTermination(LAST_TICK.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        looks.shutdownNow();
    }
}
