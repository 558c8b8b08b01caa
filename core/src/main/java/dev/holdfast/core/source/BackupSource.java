package dev.holdfast.core.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that can be backed up: streams in order, and the evidence taken while they were read.
 *
 * <p>The pipeline calls {@link #next()} until it is empty, reading each stream to its end before it asks for the next, then {@link
 * #evidence()} once, then {@link #close()}; after a failure only {@link #close()}. With {@link #sideBySide()} of more than 1 it asks for the next while
 * fewer than that many are still read, each by another thread.
 */
public interface BackupSource extends AutoCloseable {
    /** What kind of engine this is, for example {@code postgresql}, {@code mysql}, {@code stdin}. */
    String engine();

    Consistency consistency();

    /**
     * How many streams may be read at the same time, at least 1. With more, closing a stream from another thread must end a read of it that waits,
     * and {@link #next()} may be empty while streams are read and give another one later: it is asked again when one of them has ended.
     */
    default int sideBySide() {
        return 1;
    }

    /** The next stream, empty after the last. May start commands, and may throw {@link DumpFailedException}. */
    Optional<NamedStream> next() throws IOException;

    /**
     * What was observed while dumping (versions, exit codes, row counts by table), as a JSON-like tree of Map, List, String, Number and
     * Boolean. Asked for once, after the last stream. It is sealed with the recipe.
     */
    Map<String, Object> evidence() throws IOException;

    /** Warnings for the user, of what was skipped or is weaker than asked; a backup with any ends with exit code 3. */
    default List<String> warnings() {
        return List.of();
    }

    @Override
    void close() throws IOException;

    /** How far a snapshot's streams agree with each other. */
    enum Consistency {
        /** The engine cooperated: one point in time. */
        APPLICATION,
        /** As if the machine had lost power. */
        CRASH
    }
}
