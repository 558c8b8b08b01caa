package dev.holdfast.shim.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.core.pipeline.RunProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ParseResult;

/** What people and machines are told: results on standard output, progress, warnings and errors on standard error. */
final class Console {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final boolean json;
    private final PrintStream out;
    private final PrintStream err;

    Console(Form form, PrintStream out, PrintStream err) {
        this.json = form == Form.JSON;
        this.out = out;
        this.err = err;
    }

    /** How results are printed. */
    enum Form {
        TEXT,
        JSON
    }

    static Console of(ParseResult result) {
        return new Console(deepest(result).hasMatchedOption("--json") ? Form.JSON : Form.TEXT, System.out, System.err);
    }

    /** The subcommand that runs. */
    static ParseResult deepest(ParseResult result) {
        ParseResult deepest = result;
        while (deepest.hasSubcommand()) {
            deepest = deepest.subcommand();
        }
        return deepest;
    }

    boolean isJson() {
        return json;
    }

    /** A line for people; nothing for machines. */
    void say(String line) {
        if (!json) {
            out.println(line);
        }
    }

    /** The one object that a machine reads; nothing for people. */
    void result(Map<String, Object> result) {
        if (json) {
            try {
                out.println(MAPPER.writeValueAsString(result));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a result could not be written as JSON", e);
            }
        }
    }

    void warn(String warning) {
        err.println("warning: " + warning);
    }

    void failed(String command, Throwable failure) {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("command", command);
            result.put("status", "failed");
            result.put("exitCode", ExitCode.of(failure));
            result.put("error", sentence(failure));
            result(result);
        }
        error("holdfast " + command + ": ", failure);
    }

    /** What went wrong, in a sentence, and what failed after it; what nobody expects with its trace too. */
    void error(String what, Throwable failure) {
        err.println(what + sentence(failure));
        for (Throwable also : failure.getSuppressed()) {
            if (also instanceof IOException) {
                err.println("  and then: " + sentence(also));
            }
        }
        boolean expected = failure instanceof IllegalArgumentException || failure instanceof OutOfMemoryError;
        if (!(failure instanceof IOException) && !expected) {
            failure.printStackTrace(err);
        }
    }

    /** What a failure means, for people. */
    static String sentence(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return "out of memory (" + Objects.requireNonNullElse(failure.getMessage(), "heap") + ") with a heap of "
                    + bytes(Runtime.getRuntime().maxMemory())
                    + "; what was begun was not completed. Give it more, for example HOLDFAST_JAVA_OPTIONS=-Xmx640m";
        }
        return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }

    /** Asks a question that needs a typed "yes"; without a terminal nobody can answer, which is a no. */
    boolean confirm(String question) {
        return terminal()
                .map(terminal -> terminal.readLine("%s Type yes to go on: ", question))
                .filter(answer -> answer.strip().equalsIgnoreCase("yes"))
                .isPresent();
    }

    /** The terminal, when standard input and output are one. */
    private static Optional<java.io.Console> terminal() {
        return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
    }

    /** Shows progress until it is closed: one line that renews itself on a terminal, a line every 30 seconds elsewhere. */
    Showing show(String what, RunProgress progress) {
        boolean renewing = terminal().isPresent() && !json;
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon(true).name("holdfast-progress").factory());
        long begun = System.nanoTime();
        Runnable line = () -> {
            String text = what + ": " + progressText(progress, Duration.ofNanos(System.nanoTime() - begun));
            if (renewing) {
                err.print("\r\033[K" + text);
                err.flush();
            } else {
                err.println(text);
            }
        };
        long everyMillis = renewing ? 250 : 30_000;
        var shown = timer.scheduleAtFixedRate(line, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
        return () -> {
            shown.cancel(false);
            timer.close();
            if (renewing) {
                err.print("\r\033[K");
                err.flush();
            }
        };
    }

    /** Progress on show. */
    interface Showing extends AutoCloseable {
        @Override
        void close();
    }

    private static String progressText(RunProgress progress, Duration elapsed) {
        double seconds = Math.max(0.001, elapsed.toMillis() / 1000.0);
        String stream = progress.stream().isEmpty() ? "" : "  " + progress.stream();
        return bytes(progress.bytesRead()) + " read, " + bytes((long) (progress.bytesRead() / seconds)) + "/s, "
                + bytes(progress.bytesStored()) + " stored, " + elapsed.toSeconds() + " s" + stream;
    }

    /** A size for people, in decimal units as storage vendors have them. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(
                Locale.ROOT, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }
}
