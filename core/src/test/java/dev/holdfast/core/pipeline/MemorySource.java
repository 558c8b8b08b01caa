package dev.holdfast.core.pipeline;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Streams out of memory. */
final class MemorySource implements BackupSource {
    private final Iterator<NamedStream> streams;
    boolean closed;
    int sideBySide = 1;
    Optional<IOException> closeFailure = Optional.empty();
    Map<String, Object> evidence = Map.of("rows", Map.of("public.\"t\"", 42));

    MemorySource(List<NamedStream> streams) {
        this.streams = streams.iterator();
    }

    static MemorySource of(byte[]... contents) {
        List<NamedStream> streams = new ArrayList<>();
        for (byte[] content : contents) {
            streams.add(new NamedStream("stream-" + streams.size(), () -> new ByteArrayInputStream(content)));
        }
        return new MemorySource(streams);
    }

    @Override
    public String engine() {
        return "memory";
    }

    @Override
    public Consistency consistency() {
        return Consistency.APPLICATION;
    }

    @Override
    public int sideBySide() {
        return sideBySide;
    }

    @Override
    public Optional<NamedStream> next() {
        return streams.hasNext() ? Optional.of(streams.next()) : Optional.empty();
    }

    @Override
    public Map<String, Object> evidence() {
        return evidence;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        if (closeFailure.isPresent()) {
            throw closeFailure.get();
        }
    }
}
