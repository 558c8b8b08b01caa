package dev.holdfast.shim.docker;

import dev.holdfast.core.model.Secret;
import java.io.IOException;
import java.util.Optional;

/**
 * Settings of a container as official images take them: {@code NAME} in the environment, or {@code NAME_FILE} that names a file inside the
 * container, which is read there.
 */
public final class ContainerEnvironment {
    private final Engine engine;
    private final Container container;

    public ContainerEnvironment(Engine engine, Container container) {
        this.engine = engine;
        this.container = container;
    }

    /** The value; empty when neither form is set, or what is set is empty. Throws {@link EngineException.ServiceRefused} when the file cannot be read. */
    public Optional<String> value(String name) throws IOException {
        Optional<String> direct = container.variable(name);
        if (direct.isPresent()) {
            return direct;
        }
        Optional<String> file = container.variable(name + "_FILE");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String text = read(name, file.get());
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    public Optional<Secret> secret(String name) throws IOException {
        return value(name).map(Secret::of);
    }

    private String read(String name, String file) throws IOException {
        ExecResult result = engine.run(container, ExecCommand.of("cat", "--", file));
        if (result.exitCode() != 0) {
            throw new EngineException.ServiceRefused("container " + container.name() + " names " + file + " in " + name
                    + "_FILE, and that file cannot be read there");
        }
        return result.stdout().replaceFirst("[\r\n]+\\z", "");
    }
}
