package dev.holdfast.shim.volume;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.docker.ExecResult;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;

/** Commands that a container's author, or whoever runs the backup, wants run before and after. They are run by a shell as they are written. */
final class Hooks {
    /** The label of a container with the command that runs inside it before its volumes are read. */
    static final String BEFORE = "holdfast.pre";

    /** The label with the one that runs afterwards, also when the backup failed. */
    static final String AFTER = "holdfast.post";

    private Hooks() {}

    static boolean has(Container container) {
        return container.labels().containsKey(BEFORE) || container.labels().containsKey(AFTER);
    }

    /** Runs the first hook of a container, if it has one. Throws when it fails: then there is no backup. */
    static void before(Engine engine, Container container) throws IOException {
        String command = container.labels().get(BEFORE);
        if (command != null) {
            ExecResult result = engine.run(container, ExecCommand.of("sh", "-c", command));
            if (result.exitCode() != 0) {
                throw new DumpFailedException(failed(BEFORE, container, result));
            }
        }
    }

    /** Runs the second hook of a container, if it has one, and says so when it fails. */
    static Optional<String> after(Engine engine, Container container) throws IOException {
        String command = container.labels().get(AFTER);
        if (command == null) {
            return Optional.empty();
        }
        try {
            ExecResult result = engine.run(container, ExecCommand.of("sh", "-c", command));
            return result.exitCode() == 0 ? Optional.empty() : Optional.of(failed(AFTER, container, result));
        } catch (EngineException.ContainerNotRunning | EngineException.ServiceRefused e) {
            return Optional.of("the hook " + AFTER + " was not run: " + e.getMessage());
        }
    }

    /** Runs a command on this host, and says so when it fails. What it prints goes to standard error. */
    static Optional<String> onHost(String command) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        try {
            process.getInputStream().transferTo(System.err);
            int code = process.waitFor();
            return code == 0 ? Optional.empty() : Optional.of("the hook on the host ended with exit code " + code);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a hook ran on the host");
        }
    }

    private static String failed(String label, Container container, ExecResult result) {
        return "the hook " + label + " of container " + container.name() + " ended with exit code "
                + result.exitCode()
                + (result.stderr().isEmpty() ? "" : "; it said: " + result.stderr());
    }
}
