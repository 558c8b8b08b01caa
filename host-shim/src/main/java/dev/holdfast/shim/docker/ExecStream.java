package dev.holdfast.shim.docker;

import dev.holdfast.core.source.DumpFailedException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * <p>Losing a container. The connection can stay open when the command is dead and a child still holds its output. So while a read has
 * waited over a second, a watcher asks the engine every second whether command and container still live, and fails the read when not.
 */
public final class ExecStream implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int HEADER_BYTES = 8;
    private static final int STDOUT = 1;
    private static final String MARK = "HOLDFAST_EXEC";
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Runs "$@" and ends it when stdin breaks. Only shell built-ins, and all children are waited for: see the class on orphans. */
    private static final String LIFELINE = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            command=$!
            { while read -r ignored <&3; do :; done; kill -TERM "$command"; } >/dev/null 2>&1 &
            lifeline=$!
            exec 3<&-
            wait "$command"
            code=$?
            kill "$lifeline" 2>/dev/null
            wait "$lifeline" 2>/dev/null
            exit "$code"
            """;

    /**
     * Signals $1 to the processes whose environment holds the mark $2 and that have no such child; its own does not hold it. Children go
     * first, so that their parents reap them.
     */
    private static final String SIGNAL_MARKED = """
            marked= parents=
            for file in /proc/[0-9]*/environ; do
              if grep -q "$2" "$file" 2>/dev/null; then
                process=${file#/proc/}
                process=${process%/environ}
                marked="$marked $process"
                while read -r key value rest; do
                  if [ "$key" = PPid: ]; then parents="$parents $value "; fi
                done <"/proc/$process/status" 2>/dev/null
              fi
            done
            for process in $marked; do
              case "$parents" in
                *" $process "*) ;;
                *) kill -s "$1" "$process" 2>/dev/null ;;
              esac
            done
            exit 0
            """;

    private final Engine engine;
    private final Container container;
    private final ExecCommand command;
    private final String mark;
    private final String execId;
    private final SocketChannel channel;
    private final ByteBuffer inbound = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final StderrTail stderr = new StderrTail();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread watcher;

    private int frameType;
    private long frameRemaining;
    private boolean ended;
    private @Nullable Integer exitCode;
    /** {@link System#nanoTime()} of the read that now waits for the engine, 0 while none does. */
    private volatile long waitingSinceNanos;

    /** The same for a write of stdin: the engine stops reading it when the command dies, and need not close it. */
    private volatile long writingSinceNanos;

    private volatile @Nullable String lost;

    private ExecStream(
            Engine engine,
            Container container,
            ExecCommand command,
            String mark,
            String execId,
            SocketChannel channel) {
        this.engine = engine;
        this.container = container;
        this.command = command;
        this.mark = mark;
        this.execId = execId;
        this.channel = channel;
        this.watcher = Thread.ofPlatform()
                .daemon()
                .name("exec-watch-" + command.name())
                .unstarted(this::watch);
    }

    static ExecStream start(Engine engine, Container container, ExecCommand command) throws IOException {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String mark = HexFormat.of().formatHex(random);
        Map<String, String> environment = new HashMap<>(command.environment());
        environment.put(MARK, mark);
        String execId = engine.createExec(container, command, arguments(command), environment);
        SocketChannel channel;
        try {
            channel = engine.endpoint().open();
        } catch (IOException e) {
            throw new EngineException.Unavailable(
                    "the Docker engine at " + engine.endpoint().uri() + " does not answer", e);
        }
        ExecStream stream = new ExecStream(engine, container, command, mark, execId, channel);
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
        channel.close();
    }

    /** Ends stdin and gives the command time to end by itself; {@link #close} is still to be called, and ends it otherwise. */
    public void finish(Duration within) throws IOException {
        if (channel.isOpen()) {
            channel.shutdownOutput();
        }
        OptionalInt code = awaitExit(within);
        if (code.isPresent()) {
            exitCode = code.getAsInt();
        }
    }

    /** Half-closes, unless the command has ended already: it may know its input's end without being told. */
    void endStdin() throws IOException {
        try {
            channel.shutdownOutput();
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
            if (ended) {
                break;
            }
            if (frameRemaining == 0) {
                if (copied > 0 && inbound.remaining() < HEADER_BYTES) {
                    break;
                }
                nextFrame();
            } else if (!inbound.hasRemaining()) {
                if (copied > 0) {
                    break;
                }
                if (fill() < 0) {
                    throw lose("the engine closed the connection in the middle of a frame");
                }
            } else {
                copied += take(target, offset + copied, length - copied);
            }
        }
        return copied == 0 && ended && length > 0 ? -1 : copied;
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

    /** Ends the command if it still runs, and gives back the connection. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watcher.interrupt();
        try {
            if (exitCode == null) {
                stop();
            }
        } finally {
            channel.close();
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
        channel.close();
        if (awaitExit(Duration.ofSeconds(3)).isEmpty()) {
            kill();
        }
    }

    /** The engine books no further event of a container, not even the end of the killing command, while output of an ended one is unread. */
    private void discard() {
        ByteBuffer waste = ByteBuffer.allocate(64 << 10);
        try {
            while (channel.read(waste) >= 0) {
                waste.clear();
            }
        } catch (IOException e) {
            lost = "the stream was closed before its end";
        }
    }

    private void abandon() throws IOException {
        closed.set(true);
        watcher.interrupt();
        channel.close();
    }

    private void signal(String name) throws IOException {
        if (!engine.stateOf(container).equals("running")) {
            return;
        }
        // As the same user: root in a container without CAP_KILL may not signal others' processes, the owner always
        // may.
        ExecCommand kill = ExecCommand.of("sh", "-c", SIGNAL_MARKED, "holdfast-stop", name, MARK + "=" + mark)
                .withUser(command.user())
                .withStdin();
        try (ExecStream killer = start(engine, container, kill)) {
            killer.stdin().close();
            Engine.text(killer);
            killer.exitCode();
        }
    }

    private static List<String> arguments(ExecCommand command) {
        if (command.stdin() == ExecCommand.Stdin.PIPE) {
            return command.argv();
        }
        List<String> argv = new ArrayList<>(List.of("sh", "-c", LIFELINE, "holdfast"));
        argv.addAll(command.argv());
        return argv;
    }

    private void hijack() throws IOException {
        byte[] body = "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.US_ASCII);
        String head = "POST /v" + engine.apiVersion() + "/exec/" + execId + "/start HTTP/1.1\r\nHost: docker\r\n"
                + "Content-Type: application/json\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: "
                + body.length
                + "\r\n\r\n";
        writeFully(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        writeFully(ByteBuffer.wrap(body));
        String status = line();
        String[] words = status.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw lose("the engine answered " + status);
        }
        long bodyBytes = headers();
        if (words[1].equals("101") || words[1].equals("200")) {
            return;
        }
        throw refused(words[1], bodyBytes);
    }

    private IOException refused(String status, long bodyBytes) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long left = Math.min(bodyBytes, 4096); left > 0; left--) {
            text.append((char) (nextByte() & 0xff));
        }
        String said = text.toString().strip();
        if (said.contains("executable file not found") || said.contains("no such file or directory")) {
            return new EngineException.ServiceRefused("container " + container.name() + " has no "
                    + arguments(command).getFirst() + ", so " + command.name() + " cannot run there");
        }
        if (status.equals("409")) {
            return new EngineException.ContainerNotRunning(container.name(), engine.stateOf(container));
        }
        return new EngineException.Unavailable(
                "the Docker engine did not start " + describe() + ": " + status + " " + said, null);
    }

    /** Reads the headers and says how long the body is, 0 when that is not said. */
    private long headers() throws IOException {
        long length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            if (colon > 0 && header.substring(0, colon).toLowerCase(Locale.ROOT).equals("content-length")) {
                length = Long.parseLong(header.substring(colon + 1).strip());
            }
        }
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (byte b = nextByte(); b != '\n'; b = nextByte()) {
            if (line.length() > 8192) {
                throw lose("the engine answered a header line without end");
            }
            line.append((char) (b & 0xff));
        }
        return line.toString().stripTrailing();
    }

    private byte nextByte() throws IOException {
        if (!inbound.hasRemaining() && fill() < 0) {
            throw lose("the engine closed the connection before it answered");
        }
        return inbound.get();
    }

    private void nextFrame() throws IOException {
        while (inbound.remaining() < HEADER_BYTES) {
            if (fill() < 0) {
                if (inbound.hasRemaining()) {
                    throw lose("the engine closed the connection in the middle of a frame header");
                }
                ended = true;
                return;
            }
        }
        long header = inbound.getLong();
        frameType = (int) (header >>> 56);
        frameRemaining = header & 0xffffffffL;
        if (frameType > 2 || (header & 0x00ffffff00000000L) != 0) {
            throw lose("the engine sent something that is no frame");
        }
    }

    private int take(byte[] target, int offset, int length) {
        int available = (int) Math.min(frameRemaining, inbound.remaining());
        int count = frameType == STDOUT ? Math.min(available, length) : available;
        frameRemaining -= count;
        if (frameType == STDOUT) {
            inbound.get(target, offset, count);
            return count;
        }
        stderr.append(inbound, count);
        return 0;
    }

    private int fill() throws IOException {
        inbound.compact();
        waitingSinceNanos = System.nanoTime() | 1;
        try {
            return channel.read(inbound);
        } catch (ClosedChannelException e) {
            throw lose("the stream was closed while it was read");
        } catch (IOException e) {
            throw lose("the connection to the engine broke: " + e.getMessage());
        } finally {
            waitingSinceNanos = 0;
            inbound.flip();
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void watch() {
        int silent = 0;
        while (!closed.get()) {
            try {
                Thread.sleep(WATCH_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long since = stuckSinceNanos();
            long waitedNanos = System.nanoTime() - since;
            if (since == 0 || waitedNanos < WATCH_EVERY.toNanos()) {
                silent = 0;
                continue;
            }
            try {
                String death = death();
                silent = 0;
                if (!death.isEmpty() && waitedNanos > GRACE.toNanos() && stuckSinceNanos() == since) {
                    giveUp(death);
                    return;
                }
            } catch (IOException e) {
                silent++;
                if (silent == 3) {
                    giveUp("the engine has not answered three times: " + e.getMessage());
                    return;
                }
            }
        }
    }

    private long stuckSinceNanos() {
        long writing = writingSinceNanos;
        return writing == 0 ? waitingSinceNanos : writing;
    }

    private void giveUp(String why) {
        lost = why;
        try {
            channel.close();
        } catch (IOException e) {
            lost = why + " (and the connection did not close: " + e.getMessage() + ")";
        }
    }

    /** Why nothing more can come, empty while it can. */
    private String death() throws EngineException {
        OptionalInt code = engine.exitCode(execId);
        if (code.isPresent()) {
            return "it ended with exit code " + code.getAsInt() + " and its output was never closed";
        }
        String state = engine.stateOf(container);
        return state.equals("running") || state.equals("paused") ? "" : "the container is " + state;
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
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DumpFailedException("interrupted while waiting for " + describe(), e);
            }
            pauseMillis = Math.min(100, pauseMillis * 2);
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
            writingSinceNanos = System.nanoTime() | 1;
            try {
                writeFully(ByteBuffer.wrap(bytes, offset, length));
            } finally {
                writingSinceNanos = 0;
            }
        }

        @Override
        public void close() throws IOException {
            if (!shut) {
                shut = true;
                channel.shutdownOutput();
            }
        }
    }
}
