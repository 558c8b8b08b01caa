package dev.holdfast.shim.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command of this host that may take only so long. What it prints goes to standard error.
 *
 * @param words program and arguments; no shell is involved
 * @param limit after it the command is ended, and all that it started
 */
public record LimitedCommand(List<String> words, Duration limit) {
    private static final Duration OUTPUT_AFTER_END = Duration.ofSeconds(5);

    public LimitedCommand {
        words = List.copyOf(words);
    }

    /**
     * Runs it, and says so when it fails.
     *
     * @param what its name in that sentence
     */
    public Optional<String> run(String what) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        Thread output = Thread.ofPlatform().daemon().name("host-command-output").start(() -> print(what, process));
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(process);
                return Optional.of(what + " did not end within " + limit.toSeconds() + " s and was ended");
            }
            output.join(OUTPUT_AFTER_END);
            int code = process.exitValue();
            return code == 0 ? Optional.empty() : Optional.of(what + " ended with exit code " + code);
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + what + " ran");
        }
    }

    private static void end(Process process) {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static void print(String what, Process process) {
        try (InputStream said = process.getInputStream()) {
            said.transferTo(System.err);
        } catch (IOException e) {
            System.err.println("the output of " + what + " was lost: " + e.getMessage());
        }
    }
}
