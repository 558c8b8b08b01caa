package dev.holdfast.shim.service;

import dev.holdfast.core.config.HookSettings;
import dev.holdfast.shim.command.LimitedCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A service's commands on this host around each of its runs. What they print goes to standard error. */
public final class HostHooks {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final HookSettings settings;

    public HostHooks(HookSettings settings) {
        this.settings = settings;
    }

    /** Runs the first one. Throws when it fails, or takes longer than 10 minutes: then there is no backup. */
    public void before() throws IOException {
        Optional<String> failed = run("before", settings.before());
        if (failed.isPresent()) {
            throw new IOException(failed.get());
        }
    }

    /** Runs the second one, and says so when it fails. */
    public Optional<String> after() {
        try {
            return run("after", settings.after());
        } catch (IOException e) {
            return Optional.of("the hook after the backup could not be run: " + e.getMessage());
        }
    }

    private static Optional<String> run(String which, List<String> command) throws IOException {
        return command.isEmpty()
                ? Optional.empty()
                : new LimitedCommand(command, LIMIT).run("the hook " + which + " the backup");
    }
}
