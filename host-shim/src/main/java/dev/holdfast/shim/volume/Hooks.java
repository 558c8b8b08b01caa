package dev.holdfast.shim.volume;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.docker.ExecResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Commands that a container's author wants run inside it before and after. They are run by a shell as they are written. */
final class Hooks {
    /** The label of a container with the command that runs inside it before its volumes are read. */
    static final String BEFORE = "holdfast.pre";

    /** The label with the one that runs afterwards, also when the backup failed. */
    static final String AFTER = "holdfast.post";

    /** The label with the time that each of them may take, as {@link HookLimit} reads it. */
    static final String LIMIT = "holdfast.hook-timeout";

    private Hooks() {}

    static boolean has(Container container) {
        return container.labels().containsKey(BEFORE) || container.labels().containsKey(AFTER);
    }

    /** Throws {@link IllegalArgumentException} when the label cannot be understood. */
    static Duration limit(Container container) {
        String label = container.labels().get(LIMIT);
        return label == null ? HookLimit.DEFAULT : HookLimit.parse(label);
    }

    /** Runs the first hook of a container, if it has one. Throws when it fails or takes too long: then there is no backup. */
    static void before(Engine engine, Container container) throws IOException {
        Optional<String> failed = run(engine, container, BEFORE);
        if (failed.isPresent()) {
            throw new DumpFailedException(failed.get());
        }
    }

    /** Runs the second hook of a container, if it has one, and says so when it fails. */
    static Optional<String> after(Engine engine, Container container) throws IOException {
        try {
            return run(engine, container, AFTER);
        } catch (EngineException.ContainerNotRunning | EngineException.ServiceRefused e) {
            return Optional.of("the hook " + AFTER + " was not run: " + e.getMessage());
        }
    }

    private static Optional<String> run(Engine engine, Container container, String label) throws IOException {
        String command = container.labels().get(label);
        if (command == null) {
            return Optional.empty();
        }
        String hook = "the hook " + label + " of container " + container.name();
        ExecResult result;
        try {
            result = engine.run(container, ExecCommand.of("sh", "-c", command), limit(container));
        } catch (DumpFailedException e) {
            return Optional.of(hook + " failed: " + e.getMessage() + " (label " + LIMIT + " gives it another time)");
        }
        return result.exitCode() == 0
                ? Optional.empty()
                : Optional.of(hook + " ended with exit code " + result.exitCode()
                        + (result.stderr().isEmpty() ? "" : "; it said: " + result.stderr()));
    }
}
