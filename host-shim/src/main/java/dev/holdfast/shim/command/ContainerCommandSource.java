package dev.holdfast.shim.command;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.docker.ExecStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Standard output of a command inside a container, for engines that Holdfast does not know. The stream ends only when the command ended with
 * exit code 0.
 */
public final class ContainerCommandSource implements BackupSource {
    /** The stream's name where none is asked for. */
    public static final String STREAM = "stdout";

    private final Engine engine;
    private final Container container;
    private final ExecCommand command;
    private final String stream;
    private boolean given;
    private boolean empty = true;
    private Optional<ExecStream> running = Optional.empty();

    /**
     * @param container a running one, by name or id
     * @param command program and arguments; none of them passes through a shell
     * @param stream the stream's name
     */
    public ContainerCommandSource(Engine engine, String container, ExecCommand command, String stream)
            throws EngineException {
        this.engine = engine;
        this.container = engine.runningContainer(container);
        this.command = command;
        this.stream = stream;
    }

    @Override
    public String engine() {
        return "exec";
    }

    @Override
    public Consistency consistency() {
        return Consistency.APPLICATION;
    }

    @Override
    public Optional<NamedStream> next() {
        if (given) {
            return Optional.empty();
        }
        given = true;
        return Optional.of(new NamedStream(stream, () -> {
            ExecStream started = engine.start(container, command);
            running = Optional.of(started);
            return new Watched(started.stdout());
        }));
    }

    /** Without the arguments, which may hold secrets. */
    @Override
    public Map<String, Object> evidence() {
        return Map.of(
                "engine",
                engine(),
                "container",
                container.name(),
                "image",
                container.image(),
                "program",
                command.name(),
                "exitCode",
                0);
    }

    @Override
    public List<String> warnings() {
        return empty ? List.of(command.name() + " in container " + container.name() + " printed nothing") : List.of();
    }

    @Override
    public void close() throws IOException {
        if (running.isPresent()) {
            running.get().close();
        }
    }

    /** Notes whether anything came. */
    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            empty &= read < 0;
            return read;
        }
    }
}
