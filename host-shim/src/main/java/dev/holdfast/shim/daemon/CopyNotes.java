package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.freshness.Runs;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** How the last replication of a source to a copy ended: {@code OUTCOME BEGAN FINISHED ERROR}, in the catalog's notes. */
public final class CopyNotes {
    private static final String DONE = "done";
    private static final String FAILED = "failed";

    private CopyNotes() {}

    /** Keeps a success. */
    public static void done(
            Catalog catalog, String service, SourceName source, CopyRule copy, Instant began, Instant finished)
            throws IOException {
        catalog.note(key(service, source, copy), DONE + " " + began + " " + finished + " -");
    }

    /** Keeps a failure. */
    public static void failed(
            Catalog catalog,
            String service,
            SourceName source,
            CopyRule copy,
            Instant began,
            Instant finished,
            String error)
            throws IOException {
        catalog.note(key(service, source, copy), FAILED + " " + began + " " + finished + " " + error);
    }

    static Optional<Runs.Outcome> last(Catalog catalog, String service, SourceName source, CopyRule copy)
            throws IOException {
        return catalog.note(key(service, source, copy)).map(CopyNotes::parse);
    }

    private static Runs.Outcome parse(String text) {
        String[] parts = text.split(" ", 4);
        Instant began = Instant.parse(parts[1]);
        Instant finished = Instant.parse(parts[2]);
        return parts[0].equals(DONE) ? new Runs.Succeeded(began, finished) : new Runs.Failed(began, finished, parts[3]);
    }

    private static String key(String service, SourceName source, CopyRule copy) {
        return "copy " + copy.storage() + " " + copy.prefix() + " " + service + " " + source;
    }
}
