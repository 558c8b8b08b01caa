package dev.holdfast.core.storage.gdrive;

import java.util.LinkedHashSet;

/** The last thousand ids that were added. */
final class LastIds {
    private static final int KEPT = 1_000;

    private final LinkedHashSet<String> ids = new LinkedHashSet<>();

    synchronized void add(String id) {
        ids.add(id);
        if (ids.size() > KEPT) {
            ids.removeFirst();
        }
    }

    synchronized boolean contains(String id) {
        return ids.contains(id);
    }
}
