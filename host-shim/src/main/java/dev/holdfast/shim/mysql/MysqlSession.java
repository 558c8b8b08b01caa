package dev.holdfast.shim.mysql;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.ExecStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection, held open through the client's stdin, so that statements are in no process list. One thread at a time. A statement that
 * fails ends the session: the client stops there, and so nothing runs that was meant to follow.
 *
 * <p>Statements and results also exist as bytes (strings of ISO 8859-1), because the text of a routine is in the character set of who
 * made it.
 */
final class MysqlSession implements Closeable {
    private static final Pattern ERROR = Pattern.compile(
            "^ERROR (\\d+)(?: \\(\\w+\\))?(?: at line \\d+[^:]*)?: (.*)", Pattern.DOTALL | Pattern.MULTILINE);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ExecStream exec;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final String mark = random(16);

    /** The client takes 15 characters at most. */
    private final String delimiter = "//" + random(6);

    private boolean busy;

    MysqlSession(ExecStream exec) {
        this.exec = exec;
        this.stdin = exec.stdin();
        this.stdout = new BufferedInputStream(exec.stdout(), 1 << 16);
    }

    /** Makes the session independent of the server's settings: plain quoting, no waiting for ever on locks. */
    void prepare() throws IOException {
        send("DELIMITER " + delimiter + "\n");
        execute("SET SESSION sql_mode = ''");
        execute("SET SESSION lock_wait_timeout = 60");
    }

    /** Runs one statement without its final semicolon. Throws {@link SqlFailedException}. */
    void execute(String statement) throws IOException {
        query(statement);
    }

    /** The rows a statement gave, each a list of its columns; SQL null is {@code NULL}. Throws {@link SqlFailedException}. */
    List<List<String>> query(String statement) throws IOException {
        return queryBytes(latin(statement)).stream()
                .map(row -> row.stream().map(MysqlSession::text).toList())
                .toList();
    }

    /** The first column of each row. */
    List<String> column(String statement) throws IOException {
        return query(statement).stream().map(List::getFirst).toList();
    }

    /** The only column of the only row. */
    String value(String statement) throws IOException {
        return query(statement).getFirst().getFirst();
    }

    /** The same for a statement and results of which each character stands for a byte. */
    List<List<String>> queryBytes(String statement) throws IOException {
        send(statement + "\n" + delimiter + "\nSELECT '" + mark + "'\n" + delimiter + "\n");
        List<List<String>> rows = new ArrayList<>();
        for (String line = line(); !line.equals(mark); line = line()) {
            List<String> row = new ArrayList<>();
            for (String cell : line.split("\t", -1)) {
                row.add(unescape(cell));
            }
            rows.add(row);
        }
        busy = false;
        return rows;
    }

    /** Text as bytes, for {@link #queryBytes}. */
    static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The text that such bytes are. */
    static String text(String latin) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
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

    private void send(String latin) throws IOException {
        busy = true;
        try {
            stdin.write(latin.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = stdout.read(); b != '\n'; b = stdout.read()) {
                if (b < 0) {
                    throw new DumpFailedException(exec.describe() + " ended the session: " + exec.stderrTail());
                }
                line.write(b);
            }
        } catch (DumpFailedException e) {
            throw failure(e);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** A broken stdin means the client has gone; its words say why better than the pipe does. */
    private IOException ended(IOException broken) {
        try {
            stdout.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            broken.addSuppressed(e);
        }
        return failure(new DumpFailedException(exec.describe() + " ended the session: " + exec.stderrTail(), broken));
    }

    private IOException failure(IOException otherwise) {
        Matcher error = ERROR.matcher(exec.stderrTail());
        if (!error.find()) {
            return otherwise;
        }
        busy = false;
        SqlFailedException failed = new SqlFailedException(
                Integer.parseInt(error.group(1)), "error " + error.group(1) + ": " + error.group(2));
        failed.addSuppressed(otherwise);
        return failed;
    }

    private static String unescape(String cell) {
        if (cell.indexOf('\\') < 0) {
            return cell;
        }
        StringBuilder plain = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (escaped) {
                plain.append(
                        switch (c) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case '0' -> '\0';
                            default -> c;
                        });
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
