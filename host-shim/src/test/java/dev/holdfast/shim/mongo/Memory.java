package dev.holdfast.shim.mongo;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A snapshot in memory. */
final class Memory implements SnapshotStreams {
    private final byte[] archive;
    private final Map<String, Object> evidence;
    private final List<String> warnings;
    private final BackupSource.Consistency consistency;

    private Memory(
            byte[] archive, Map<String, Object> evidence, List<String> warnings, BackupSource.Consistency consistency) {
        this.archive = archive;
        this.evidence = evidence;
        this.warnings = warnings;
        this.consistency = consistency;
    }

    static Memory drain(BackupSource source) throws IOException {
        NamedStream stream = source.next().orElseThrow();
        byte[] archive;
        try (InputStream in = stream.source().open()) {
            archive = in.readAllBytes();
        }
        if (source.next().isPresent()) {
            throw new IllegalStateException("there is a second stream");
        }
        return new Memory(archive, source.evidence(), source.warnings(), source.consistency());
    }

    byte[] archive() {
        return archive.clone();
    }

    List<String> warnings() {
        return warnings;
    }

    BackupSource.Consistency consistency() {
        return consistency;
    }

    @Override
    public Map<String, Object> evidence() {
        return evidence;
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
        return new Memory(other.clone(), evidence, warnings, consistency);
    }
}
