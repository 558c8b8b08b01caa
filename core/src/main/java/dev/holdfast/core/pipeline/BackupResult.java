package dev.holdfast.core.pipeline;

import dev.holdfast.core.repository.SnapshotHeader;
import java.util.List;
import java.util.stream.Stream;

/**
 * A backup that is whole and committed.
 *
 * @param chunks chunks of all streams
 * @param newChunks those that were not stored before
 * @param warnings what was skipped or is weaker than asked
 */
public record BackupResult(SnapshotHeader snapshot, int streams, long chunks, long newChunks, List<String> warnings) {
    public BackupResult {
        warnings = List.copyOf(warnings);
    }

    /** The same with one more warning. */
    BackupResult warning(String warning) {
        return new BackupResult(
                snapshot,
                streams,
                chunks,
                newChunks,
                Stream.concat(warnings.stream(), Stream.of(warning)).toList());
    }
}
