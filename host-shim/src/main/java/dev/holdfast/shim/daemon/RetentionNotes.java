package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.shim.service.ScheduleKey;
import java.io.IOException;
import java.util.Optional;

/** Why the last retention of a source removed nothing that it should have, in the catalog's notes. */
public final class RetentionNotes {
    private RetentionNotes() {}

    /** Keeps how it went: empty when all is well. */
    public static void keep(Catalog catalog, ScheduleKey key, Optional<String> refusal) throws IOException {
        String text = refusal.orElse("");
        if (!catalog.note(note(key)).orElse("").equals(text)) {
            catalog.note(note(key), text);
        }
    }

    static Optional<String> refusal(Catalog catalog, ScheduleKey key) throws IOException {
        return catalog.note(note(key)).filter(text -> !text.isEmpty());
    }

    private static String note(ScheduleKey key) {
        return "retention " + key.text();
    }
}
