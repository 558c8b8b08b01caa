package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Plan;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts what waits, oldest due time first, within the limits of the host and of each group; and notices what has ended. What another process
 * runs counts too: after a crash of the daemon its runs may go on.
 */
final class Dispatcher {
    private static final Comparator<Backup> OLDEST_FIRST = Comparator.comparing(
                    (Backup backup) -> backup.plan().map(Plan::due).orElse(Instant.MAX))
            .thenComparing(backup -> backup.plan().map(Plan::notBefore).orElse(Instant.MAX))
            .thenComparing(backup -> backup.source().text());

    private final Catalog catalog;
    private final Starter starter;
    private final Map<RunId, Working> working = new ConcurrentHashMap<>();

    Dispatcher(Catalog catalog, Starter starter) {
        this.catalog = catalog;
        this.starter = starter;
    }

    private record Working(Backup backup, Starter.Child child) {}

    /**
     * A run of this daemon that has ended.
     *
     * @param said by its process, for people
     */
    record Ended(Backup backup, String said) {}

    /** The runs that have ended since the last time. Their records may still say otherwise, if they were killed. */
    List<Ended> ended() {
        List<Ended> ended = new ArrayList<>();
        for (Working one : List.copyOf(working.values())) {
            if (!one.child().isAlive()) {
                working.remove(one.backup().run());
                ended.add(new Ended(one.backup(), one.child().end()));
            }
        }
        return ended;
    }

    /** Starts what may be started now, and tells what it was. */
    List<Backup> start(Configuration configuration, Instant now) throws IOException {
        List<Backup> unfinished = catalog.unfinished();
        List<Backup> running = new ArrayList<>(unfinished.stream()
                .filter(backup -> backup.status() == BackupStatus.RUNNING
                        || working.containsKey(backup.run()))
                .toList());
        List<Backup> waiting = unfinished.stream()
                .filter(backup -> !running.contains(backup) && isReady(backup, now))
                .sorted(OLDEST_FIRST)
                .toList();
        List<Backup> started = new ArrayList<>();
        for (Backup backup : waiting) {
            if (hasRoom(configuration, backup, running)) {
                working.put(backup.run(), new Working(backup, starter.start(backup)));
                running.add(backup);
                started.add(backup);
            }
        }
        return started;
    }

    private static boolean isReady(Backup backup, Instant now) {
        return backup.plan().map(plan -> !plan.notBefore().isAfter(now)).orElse(false);
    }

    private static boolean hasRoom(Configuration configuration, Backup backup, List<Backup> running) {
        if (running.size() >= configuration.limits().host()) {
            return false;
        }
        boolean same = running.stream()
                .anyMatch(other -> other.source().equals(backup.source())
                        && other.repository().equals(backup.repository()));
        Optional<String> group = group(configuration, backup);
        if (same || group.isEmpty()) {
            return !same;
        }
        long others = running.stream()
                .filter(other -> group(configuration, other).equals(group))
                .count();
        return others < configuration.limits().groups().getOrDefault(group.get(), 1);
    }

    private static Optional<String> group(Configuration configuration, Backup backup) {
        return backup.plan()
                .map(Plan::schedule)
                .flatMap(name -> Optional.ofNullable(configuration.services().get(name)))
                .flatMap(Service::group);
    }

    int atWork() {
        return working.size();
    }

    /** Asks all that this daemon started to end. */
    void stopAll() {
        working.values().forEach(one -> one.child().stop());
    }
}
