package dev.holdfast.shim.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.ExecStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/**
 * One connection to one database, held open through psql's stdin, so that a transaction can span many questions. One thread at a time.
 * Statements go through stdin: they are in no process list. Needs psql 11 for its {@code SQLSTATE} variable.
 */
final class PsqlSession implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecStream exec;
    private final OutputStream stdin;
    private final BufferedReader stdout;
    private volatile boolean busy;
    private final String mark = "holdfast-" + UUID.randomUUID();

    PsqlSession(ExecStream exec) {
        this.exec = exec;
        this.stdin = exec.stdin();
        this.stdout = new BufferedReader(new InputStreamReader(exec.stdout(), StandardCharsets.UTF_8));
    }

    /** Makes the session independent of settings of role and database: no timeouts, no row hidden, plain names and strings. */
    void prepare() throws IOException {
        execute("SET standard_conforming_strings = on");
        execute("SET client_min_messages = error");
        execute("SET row_security = off");
        execute("SET search_path = pg_catalog");
        execute(
                "SELECT count(set_config(name, '0', false)) FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout',"
                        + " 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')");
    }

    /** Runs one statement (no final semicolon) and gives what it printed, unaligned. Throws {@link SqlFailedException}. */
    String execute(String statement) throws IOException {
        send(statement + "\n;\n");
        return answer();
    }

    /** Runs a query of one row and one JSON column; SQL null is JSON null. */
    JsonNode json(String query) throws IOException {
        String text = execute(query);
        return text.isEmpty() ? NullNode.getInstance() : JSON.readTree(text);
    }

    /** Runs {@code COPY … FROM STDIN} in text format with the rows of {@code data}, which must end with a newline. */
    void copyIn(String statement, InputStream data) throws IOException {
        send(statement + ";\n");
        try {
            data.transferTo(stdin);
        } catch (IOException e) {
            exec.kill();
            throw e;
        }
        send("\\.\n");
        answer();
    }

    /** Ends the session: in order when it is idle, by a signal when it still works. The server rolls back an open transaction. */
    @Override
    public void close() throws IOException {
        try (exec) {
            if (!busy) {
                exec.finish(Duration.ofSeconds(5));
            }
        }
    }

    private void send(String text) throws IOException {
        busy = true;
        try {
            stdin.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private String answer() throws IOException {
        send("\\echo " + mark + " :SQLSTATE\n\\echo :LAST_ERROR_MESSAGE\n\\echo " + mark + "\n");
        StringBuilder output = new StringBuilder();
        String line = line();
        while (!line.startsWith(mark)) {
            output.append(output.isEmpty() ? "" : "\n").append(line);
            line = line();
        }
        String state = line.substring(mark.length()).strip();
        StringBuilder message = new StringBuilder();
        for (line = line(); !line.equals(mark); line = line()) {
            message.append(message.isEmpty() ? "" : "\n").append(line);
        }
        busy = false;
        if (state.equals(":SQLSTATE")) {
            throw new DumpFailedException(exec.describe() + " is older than version 11, which is too old");
        }
        if (!state.equals("00000")) {
            throw new SqlFailedException(state, message.toString());
        }
        return output.toString();
    }

    private String line() throws IOException {
        String line = stdout.readLine();
        if (line == null) {
            throw new DumpFailedException(exec.describe() + " ended the session: " + exec.stderrTail());
        }
        return line;
    }

    /** A broken stdin means psql has gone; its exit code and words say why better than the pipe does. */
    private IOException ended(IOException broken) throws IOException {
        while (stdout.readLine() != null) {
            // What it had printed before it ended answers nothing that was asked.
        }
        return new DumpFailedException(exec.describe() + " ended the session: " + exec.stderrTail(), broken);
    }
}
