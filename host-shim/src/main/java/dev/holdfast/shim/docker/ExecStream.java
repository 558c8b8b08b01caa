package dev.holdfast.shim.docker;

import dev.holdfast.core.source.DumpFailedException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A command running inside a container, over one hijacked connection to the engine. Never a TTY.
 *
 * <p>{@link #stdout()} ends only after exit code 0 and otherwise throws {@link DumpFailedException}, again and again. {@link #read} is the
 * same bytes without that judgement, for callers that want the {@link #exitCode()} themselves. One thread reads, one may write stdin.
 *
 * <p>Ending early. Closing a connection does not end the process inside. Two things do here. A command without stdin runs under a shell
 * that reads the connection's stdin as a lifeline and sends SIGTERM when it breaks: that also holds when this process is killed or
 * the host's network to the engine is gone. And {@link #kill()} finds every process that carries this exec's random mark in its environment
 * and signals it from a second exec, which needs no host process ids, so it works from inside a container too.
 *
 * <p>No orphans. A process whose parent has gone is inherited by the container's process 1, which may be the service itself. PostgreSQL as
 * process 1 takes a stranger that died of a signal for a crashed backend, and ends every session of the server to recover. So whatever is
 * started here is waited for by its parent, and is killed from the leaves up.
 *
 * <p>Losing a command. The connection can stay open when the command is dead and a child still holds its output, or even goes on writing: memory
 * that ends kills one process, not all. So a watcher asks the engine whether command and container still live, every second while a read waits and
 * now and then in any case, and fails the read when not: see {@link ExecWatch}. What was left behind is ended on close.
 */
public final class ExecStream implements Closeable {
    private static final String MARK = "HOLDFAST_EXEC";
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(30);
    /** Exit codes above are 128 and the number of the signal that ended the command. */
    private static final int SIGNALLED = 128;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Engine engine;
    private final Container container;
    private final ExecCommand command;
    private final String mark;
    private final String execId;
    private final HijackedConnection connection;
    private final StderrTail stderr = new StderrTail();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecWatch watcher;

    private @Nullable Integer exitCode;
    private volatile @Nullable String lost;

    private ExecStream(
            Engine engine,
            Container container,
            ExecCommand command,
            String mark,
            String execId,
            HijackedConnection connection) {
        this.engine = engine;
        this.container = container;
        this.command = command;
        this.mark = mark;
        this.execId = execId;
        this.connection = connection;
        this.watcher = new ExecWatch(command.name(), connection, this::death, this::giveUp);
    }

    static ExecStream start(Engine engine, Container container, ExecCommand command) throws IOException {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String mark = HexFormat.of().formatHex(random);
        Map<String, String> environment = new HashMap<>(command.environment());
        environment.put(MARK, mark);
        String execId = engine.createExec(container, command, arguments(command), environment);
        HijackedConnection connection;
        try {
            connection = new HijackedConnection(engine.endpoint().open());
        } catch (IOException e) {
            throw new EngineException.Unavailable(
                    "the Docker engine at " + engine.endpoint().uri() + " does not answer", e);
        }
        ExecStream stream = new ExecStream(engine, container, command, mark, execId, connection);
        try {
            stream.watcher.start();
            stream.hijack();
            return stream;
        } catch (IOException | RuntimeException e) {
            stream.abandon();
            throw e;
        }
    }

    /** The command's name in its container, for messages. */
    public String describe() {
        return command.name() + " in container " + container.name();
    }

    /** Frees a thread that is still writing stdin once the command is known to have ended. */
    void releaseWriter() throws IOException {
        exitCode();
        connection.close();
    }

    /** Ends stdin and gives the command time to end by itself; {@link #close} is still to be called, and ends it otherwise. */
    public void finish(Duration within) throws IOException {
        if (connection.isOpen()) {
            connection.endOutput();
        }
        OptionalInt code = awaitExit(within);
        if (code.isPresent()) {
            exitCode = code.getAsInt();
        }
    }

    /** Half-closes, unless the command has ended already: it may know its input's end without being told. */
    void endStdin() throws IOException {
        try {
            connection.endOutput();
        } catch (ClosedChannelException e) {
            exitCode();
        }
    }

    String commandName() {
        return command.name();
    }

    /** What the command has complained so far, the last 64 KiB. */
    public String stderrTail() {
        return stderr.text();
    }

    /** Stdout whose end is a promise. Closing it closes this stream. */
    public InputStream stdout() {
        return new Promised();
    }

    /** Stdin; closing it half-closes the connection, so the command sees the end while its output is still read. */
    public OutputStream stdin() {
        if (command.stdin() != ExecCommand.Stdin.PIPE) {
            throw new IllegalStateException(command.name() + " was started without stdin");
        }
        return new Stdin();
    }

    /**
     * Up to {@code length} bytes of stdout, -1 when the command has closed its output whatever its exit code. Throws {@link
     * DumpFailedException} when the command or its container was lost, again on every call.
     */
    public int read(byte[] target, int offset, int length) throws IOException {
        int copied = 0;
        while (copied < length) {
            failIfLost();
            if (connection.hasEnded()) {
                break;
            }
            int count = step(target, offset + copied, length - copied, copied == 0);
            if (count == HijackedConnection.NOTHING_YET) {
                break;
            }
            copied += count;
        }
        return copied == 0 && connection.hasEnded() && length > 0 ? -1 : copied;
    }

    private int step(byte[] target, int offset, int length, boolean nothingRead) throws IOException {
        HijackedConnection.Waiting waiting =
                nothingRead ? HijackedConnection.Waiting.YES : HijackedConnection.Waiting.NO;
        try {
            return connection.step(target, offset, length, stderr, waiting);
        } catch (HijackedConnection.Lost e) {
            throw lose(String.valueOf(e.getMessage()));
        }
    }

    /** The exit code. To be asked after {@link #read} has returned -1; waits up to 30 seconds for the engine to know it. */
    public int exitCode() throws IOException {
        Integer known = exitCode;
        if (known != null) {
            return known;
        }
        OptionalInt code = awaitExit(EXIT_WITHIN);
        if (code.isEmpty()) {
            throw lose("it closed its output and still runs");
        }
        exitCode = code.getAsInt();
        return code.getAsInt();
    }

    /** Ends the command now, its children first: SIGTERM, and after about five seconds SIGKILL. */
    public void kill() throws IOException {
        for (int round = 0; round < 10; round++) {
            signal(round < 3 ? "TERM" : "KILL");
            if (awaitExit(Duration.ofMillis(1500)).isPresent()) {
                return;
            }
        }
        throw new DumpFailedException(describe() + " could not be ended and still runs");
    }

    /**
     * Ends what a shell that was killed left behind: it would write into a pipe that nobody reads, and keep its transaction open for ever. SIGTERM
     * first, on which pg_dump exits by itself, so that PostgreSQL as process 1 does not take it for a crashed backend.
     */
    private void endOrphans(int code) throws IOException {
        if (command.stdin() == ExecCommand.Stdin.PIPE || code <= SIGNALLED) {
            return;
        }
        for (int round = 0; round < 10 && signal(round < 4 ? "TERM" : "KILL"); round++) {
            pause(Duration.ofMillis(500));
        }
    }

    /** Ends the command if it still runs, and gives back the connection. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watcher.stop();
        try {
            Integer code = exitCode;
            if (code == null) {
                stop();
            } else {
                endOrphans(code);
            }
        } finally {
            connection.close();
        }
    }

    private void stop() throws IOException {
        if (command.stdin() == ExecCommand.Stdin.PIPE) {
            // Killed before its stdin breaks: otherwise it could take the half it has read for the whole.
            if (engine.exitCode(execId).isEmpty()) {
                Thread.ofPlatform()
                        .daemon()
                        .name("exec-discard-" + command.name())
                        .start(this::discard);
                kill();
            }
            return;
        }
        connection.close();
        OptionalInt code = awaitExit(Duration.ofSeconds(3));
        if (code.isPresent()) {
            endOrphans(code.getAsInt());
        } else {
            kill();
        }
    }

    /** The engine books no further event of a container, not even the end of the killing command, while output of an ended one is unread. */
    private void discard() {
        try {
            connection.discard();
        } catch (IOException e) {
            lost = "the stream was closed before its end";
        }
    }

    private void abandon() throws IOException {
        closed.set(true);
        watcher.stop();
        connection.close();
    }

    /** Whether there was something to signal. */
    private boolean signal(String name) throws IOException {
        if (!engine.stateOf(container).equals("running")) {
            return false;
        }
        // As the same user: root in a container without CAP_KILL may not signal others' processes, the owner always
        // may.
        ExecCommand kill = ExecCommand.of(
                        "sh", "-c", ExecScripts.SIGNAL_MARKED, "holdfast-stop", name, MARK + "=" + mark)
                .withUser(command.user())
                .withStdin();
        try (ExecStream killer = start(engine, container, kill)) {
            killer.stdin().close();
            boolean found = !Engine.text(killer).isBlank();
            killer.exitCode();
            return found;
        }
    }

    private static List<String> arguments(ExecCommand command) {
        if (command.stdin() == ExecCommand.Stdin.PIPE) {
            return command.argv();
        }
        List<String> argv = new ArrayList<>(List.of("sh", "-c", ExecScripts.LIFELINE, "holdfast"));
        argv.addAll(command.argv());
        return argv;
    }

    private void hijack() throws IOException {
        HijackedConnection.Answer answer;
        try {
            answer = connection.hijack("/v" + engine.apiVersion() + "/exec/" + execId + "/start");
        } catch (HijackedConnection.Lost e) {
            throw lose(String.valueOf(e.getMessage()));
        }
        if (!answer.isHijacked()) {
            throw refused(answer);
        }
    }

    private IOException refused(HijackedConnection.Answer answer) throws IOException {
        String said = answer.said();
        if (said.contains("executable file not found") || said.contains("no such file or directory")) {
            return new EngineException.ServiceRefused("container " + container.name() + " has no "
                    + arguments(command).getFirst() + ", so " + command.name() + " cannot run there");
        }
        if (answer.status() == 409) {
            return new EngineException.ContainerNotRunning(container.name(), engine.stateOf(container));
        }
        return new EngineException.Unavailable(
                "the Docker engine did not start " + describe() + ": " + answer.status() + " " + said, null);
    }

    private void giveUp(String why) {
        lost = why;
        try {
            connection.close();
        } catch (IOException e) {
            lost = why + " (and the connection did not close: " + e.getMessage() + ")";
        }
    }

    /** Why nothing more of worth can come, empty while it can. */
    private Optional<ExecWatch.Death> death() throws EngineException {
        OptionalInt code = engine.exitCode(execId);
        if (code.isPresent()) {
            return Optional.of(new ExecWatch.Death("it ended with exit code " + code.getAsInt(), code.getAsInt() != 0));
        }
        String state = engine.stateOf(container);
        return state.equals("running") || state.equals("paused")
                ? Optional.empty()
                : Optional.of(new ExecWatch.Death("the container is " + state, true));
    }

    private OptionalInt awaitExit(Duration within) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        long pauseMillis = 2;
        while (true) {
            OptionalInt code = engine.exitCode(execId);
            if (code.isPresent() || System.nanoTime() > deadline) {
                return code;
            }
            if (!engine.stateOf(container).equals("running") && System.nanoTime() > deadline - within.toNanos() / 2) {
                return OptionalInt.of(137);
            }
            pause(Duration.ofMillis(pauseMillis));
            pauseMillis = Math.min(100, pauseMillis * 2);
        }
    }

    private void pause(Duration length) throws DumpFailedException {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DumpFailedException("interrupted while waiting for " + describe(), e);
        }
    }

    private DumpFailedException lose(String why) {
        String reason = lost;
        if (reason == null) {
            reason = why;
            lost = why;
        }
        return failure("was lost: " + reason);
    }

    private void failIfLost() throws DumpFailedException {
        String reason = lost;
        if (reason != null) {
            throw failure("was lost: " + reason);
        }
    }

    private DumpFailedException failure(String what) {
        String complaint = stderr.text();
        return new DumpFailedException(describe() + " " + what + (complaint.isEmpty() ? "" : "\n" + complaint));
    }

    /** Turns the end of the bytes into the end of the stream, or into a failure that stays. */
    private final class Promised extends InputStream {
        private @Nullable String broken;
        private boolean kept;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            String what = broken;
            if (what != null) {
                throw failure(what);
            }
            if (kept) {
                return -1;
            }
            if (closed.get()) {
                throw new EOFException(describe() + " was closed before its end");
            }
            int count = ExecStream.this.read(target, offset, length);
            if (count >= 0) {
                return count;
            }
            int code = exitCode();
            if (code != 0) {
                what = code == 127 || code == 126 ? "was not found" : "ended with exit code " + code;
                broken = what;
                throw failure(what);
            }
            kept = true;
            return -1;
        }

        @Override
        public void close() throws IOException {
            ExecStream.this.close();
        }
    }

    private final class Stdin extends OutputStream {
        private boolean shut;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            failIfLost();
            connection.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (!shut) {
                shut = true;
                connection.endOutput();
            }
        }
    }
}
