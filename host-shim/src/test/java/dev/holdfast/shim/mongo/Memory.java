package dev.holdfast.shim.mongo;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A snapshot in memory. */
record Memory(
        byte[] archive, Map<String, Object> evidence, List<String> warnings, BackupSource.Consistency consistency)
        implements SnapshotStreams {
    static Memory drain(BackupSource source) throws IOException {
        NamedStream stream = source.next().orElseThrow();
        byte[] archive;
        try (InputStream in = stream.source().open()) {
            archive = in.readAllBytes();
        }
        if (!source.next().equals(Optional.empty())) {
            throw new IllegalStateException("there is a second stream");
        }
        return new Memory(archive, source.evidence(), source.warnings(), source.consistency());
    }

    @Override
    public List<String> names() {
        return List.of(MongoSource.ARCHIVE);
    }

    @Override
    public InputStream open(String name) {
        return new ByteArrayInputStream(archive);
    }

    Memory withArchive(byte[] other) {
        return new Memory(other, evidence, warnings, consistency);
    }
}
