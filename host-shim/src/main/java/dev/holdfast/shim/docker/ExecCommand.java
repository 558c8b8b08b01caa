package dev.holdfast.shim.docker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command to run inside a container, as an argument array: nothing passes through a shell unquoted.
 *
 * <p>Secrets go into {@code environment}. Docker hands it to the new process alone: it is in no command line, in no {@code docker
 * inspect} of container or exec, and inside the container only root and the same user can read it from {@code /proc}; both could read
 * the service's own data anyway. Stdin would hide it from those two as well, but the tools read passwords from a terminal, not from
 * stdin, and stdin carries data.
 */
public record ExecCommand(List<String> argv, Map<String, String> environment, Optional<String> user, Stdin stdin) {
    /** What the command's stdin is. */
    public enum Stdin {
        /** {@code /dev/null}. The connection's own stdin becomes a lifeline: when it breaks, the command is ended. */
        NONE,
        /**
         * A pipe the caller writes and half-closes. The command must be one process (a shell must {@code exec} it): when its children are
         * killed first, a shell would go on with its next line.
         */
        PIPE
    }

    public ExecCommand {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a command needs a name");
        }
        if (argv.stream().anyMatch(part -> part.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("an argument of " + argv.getFirst() + " holds a zero byte");
        }
    }

    public static ExecCommand of(String... argv) {
        return of(List.of(argv));
    }

    public static ExecCommand of(List<String> argv) {
        return new ExecCommand(argv, Map.of(), Optional.empty(), Stdin.NONE);
    }

    public ExecCommand withEnvironment(Map<String, String> more) {
        Map<String, String> merged = new HashMap<>(environment);
        merged.putAll(more);
        return new ExecCommand(argv, merged, user, stdin);
    }

    /** Runs as this user of the container; empty means the image's own. */
    public ExecCommand withUser(Optional<String> name) {
        return new ExecCommand(argv, environment, name, stdin);
    }

    public ExecCommand withStdin() {
        return new ExecCommand(argv, environment, user, Stdin.PIPE);
    }

    /** The program's name, for messages. */
    public String name() {
        return argv.getFirst();
    }

    @Override
    public String toString() {
        return argv.toString();
    }
}
