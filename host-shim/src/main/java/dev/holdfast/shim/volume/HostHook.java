package dev.holdfast.shim.volume;

import dev.holdfast.shim.command.LimitedCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A command that is run by {@code sh -c} on this host.
 *
 * @param limit of its time; then it is ended, with all that it has started
 */
public record HostHook(String command, Duration limit) {
    /** Runs it, and says so when it fails. What it prints goes to standard error. */
    Optional<String> run() throws IOException {
        return new LimitedCommand(List.of("sh", "-c", command), limit).run("the hook on the host");
    }
}
