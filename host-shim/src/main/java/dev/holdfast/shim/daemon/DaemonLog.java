package dev.holdfast.shim.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.catalog.Backup;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** One line for each event: for people, or as JSON with the id of the run. */
public final class DaemonLog {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final PrintStream out;
    private final Form form;
    private final Clock clock;

    public DaemonLog(PrintStream out, Form form, Clock clock) {
        this.out = out;
        this.form = form;
        this.clock = clock;
    }

    /** How lines are written. */
    public enum Form {
        TEXT,
        JSON
    }

    private enum Level {
        INFO,
        WARNING,
        ERROR
    }

    public void say(String text) {
        write(Level.INFO, Optional.empty(), text);
    }

    public void warn(String text) {
        write(Level.WARNING, Optional.empty(), text);
    }

    /** What went wrong; a failure that nobody expects is told with its type. */
    public void error(String what, Throwable failure) {
        write(
                Level.ERROR,
                Optional.empty(),
                what + ": " + Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
    }

    void error(Backup backup, String text) {
        write(Level.ERROR, Optional.of(backup), text);
    }

    /** A line that a run printed. */
    void run(Backup backup, String line) {
        write(Level.INFO, Optional.of(backup), line);
    }

    private synchronized void write(Level level, Optional<Backup> backup, String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        if (form == Form.TEXT) {
            String mark = level == Level.INFO ? "" : level.name().toLowerCase(Locale.ROOT) + ": ";
            out.println(mark + backup.map(one -> one.source() + ": ").orElse("") + line);
            return;
        }
        ObjectNode json = MAPPER.createObjectNode();
        json.put("time", clock.instant().toString());
        json.put("level", level.name().toLowerCase(Locale.ROOT));
        backup.ifPresent(one ->
                json.put("source", one.source().text()).put("run", one.run().hex()));
        json.put("message", line);
        try {
            out.println(MAPPER.writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line of the log could not be written as JSON", e);
        }
    }
}
