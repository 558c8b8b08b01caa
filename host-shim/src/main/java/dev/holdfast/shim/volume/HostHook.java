package dev.holdfast.shim.volume;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that is run by {@code sh -c} on this host.
 *
 * @param limit of its time; then it is ended, with all that it has started
 */
public record HostHook(String command, Duration limit) {
    private static final Duration OUTPUT_AFTER_END = Duration.ofSeconds(5);

    /** Runs it, and says so when it fails. What it prints goes to standard error. */
    Optional<String> run() throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        Thread output = Thread.ofPlatform().daemon().name("host-hook-output").start(() -> print(process));
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(process);
                return Optional.of("the hook on the host did not end within " + limit.toSeconds() + " s and was ended");
            }
            output.join(OUTPUT_AFTER_END);
            int code = process.exitValue();
            return code == 0 ? Optional.empty() : Optional.of("the hook on the host ended with exit code " + code);
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a hook ran on the host");
        }
    }

    private static void end(Process process) {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static void print(Process process) {
        try (InputStream said = process.getInputStream()) {
            said.transferTo(System.err);
        } catch (IOException e) {
            System.err.println("the output of a hook on the host was lost: " + e.getMessage());
        }
    }
}
