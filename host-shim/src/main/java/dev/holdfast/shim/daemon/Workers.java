package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.model.RunId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The processes of this daemon that back up. */
final class Workers {
    private final Starter starter;
    private final Map<RunId, Working> working = new ConcurrentHashMap<>();

    Workers(Starter starter) {
        this.starter = starter;
    }

    private record Working(Backup backup, Starter.Child child) {}

    /**
     * A run that has ended.
     *
     * @param said by its process, for people
     */
    record Ended(Backup backup, String said) {}

    void start(Backup backup) throws IOException {
        working.put(backup.run(), new Working(backup, starter.start(backup)));
    }

    boolean has(Backup backup) {
        return working.containsKey(backup.run());
    }

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

    int count() {
        return working.size();
    }

    /** Asks all to end. */
    void stop() {
        working.values().forEach(one -> one.child().stop());
    }
}
