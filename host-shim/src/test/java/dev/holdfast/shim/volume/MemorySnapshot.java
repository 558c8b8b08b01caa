package dev.holdfast.shim.volume;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a source gave, kept in memory. */
record MemorySnapshot(
        Map<String, byte[]> streams,
        Map<String, Object> evidence,
        BackupSource.Consistency consistency,
        List<String> warnings)
        implements SnapshotStreams {
    /** Reads a source as the pipeline does, and closes it. */
    static MemorySnapshot of(BackupSource source) throws IOException {
        Map<String, byte[]> streams = new LinkedHashMap<>();
        try (source) {
            for (Optional<NamedStream> next = source.next(); next.isPresent(); next = source.next()) {
                try (InputStream in = next.get().source().open()) {
                    streams.put(next.get().name(), in.readAllBytes());
                }
            }
            return new MemorySnapshot(streams, source.evidence(), source.consistency(), source.warnings());
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(streams.keySet());
    }

    @Override
    public InputStream open(String name) throws IOException {
        byte[] bytes = streams.get(name);
        if (bytes == null) {
            throw new IOException("no stream " + name);
        }
        return new ByteArrayInputStream(bytes);
    }
}
