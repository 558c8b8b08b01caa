package dev.holdfast.shim.cli;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.Engine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A source that brings its own connection to the engine, and closes it at the end. */
final class EngineSource implements BackupSource {
    private final Engine engine;
    private final BackupSource source;

    /** Opens the source; closes the engine when that fails. */
    EngineSource(Engine engine, Opening opening) throws IOException {
        this.engine = engine;
        try {
            this.source = opening.open(engine);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Makes the source. */
    @FunctionalInterface
    interface Opening {
        BackupSource open(Engine engine) throws IOException;
    }

    @Override
    public String engine() {
        return source.engine();
    }

    @Override
    public Consistency consistency() {
        return source.consistency();
    }

    @Override
    public int sideBySide() {
        return source.sideBySide();
    }

    @Override
    public Optional<NamedStream> next() throws IOException {
        return source.next();
    }

    @Override
    public Map<String, Object> evidence() throws IOException {
        return source.evidence();
    }

    @Override
    public List<String> warnings() {
        return source.warnings();
    }

    @Override
    public void close() throws IOException {
        try (engine) {
            source.close();
        }
    }
}
