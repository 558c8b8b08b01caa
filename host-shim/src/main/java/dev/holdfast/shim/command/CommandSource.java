package dev.holdfast.shim.command;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Standard output of a command on this host, for engines that Holdfast does not know. The stream ends only when the command ended with exit code 0.
 */
public final class CommandSource implements BackupSource {
    private static final int STDERR_TAIL_BYTES = 4096;

    private final List<String> command;
    private boolean given;
    private Optional<Run> run = Optional.empty();

    /** @param command program and arguments; no shell is involved */
    public CommandSource(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command is needed, for example: -- sqlite3 app.db .dump");
        }
        this.command = List.copyOf(command);
    }

    @Override
    public String engine() {
        return "command";
    }

    @Override
    public Consistency consistency() {
        return Consistency.APPLICATION;
    }

    @Override
    public Optional<NamedStream> next() {
        if (given) {
            return Optional.empty();
        }
        given = true;
        return Optional.of(new NamedStream("stdout", this::start));
    }

    private InputStream start() throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
        } catch (IOException e) {
            throw new DumpFailedException("command " + command.getFirst() + " could not be started", e);
        }
        Run started = new Run(process, command.getFirst());
        run = Optional.of(started);
        return started;
    }

    @Override
    public Map<String, Object> evidence() {
        // arguments may hold secrets, so only the program is kept
        return Map.of("engine", "command", "program", command.getFirst(), "exitCode", 0);
    }

    @Override
    public void close() throws IOException {
        if (run.isPresent()) {
            run.get().close();
        }
    }

    /** A command at work. */
    private static final class Run extends InputStream {
        private final Process process;
        private final String program;
        private final InputStream out;
        private final byte[] tail = new byte[STDERR_TAIL_BYTES];
        private final Thread errors;
        private int tailLength;
        private Optional<DumpFailedException> failure = Optional.empty();

        Run(Process process, String program) {
            this.process = process;
            this.program = program;
            this.out = process.getInputStream();
            this.errors = Thread.ofVirtual().start(this::drainErrors);
        }

        private void drainErrors() {
            byte[] buffer = new byte[STDERR_TAIL_BYTES];
            try (InputStream in = process.getErrorStream()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    keep(buffer, n);
                }
            } catch (IOException e) {
                byte[] note = ("(stderr was cut: " + e.getMessage() + ")").getBytes(StandardCharsets.UTF_8);
                keep(note, note.length);
            }
        }

        private synchronized void keep(byte[] bytes, int length) {
            int kept = Math.min(tailLength, tail.length - Math.min(length, tail.length));
            System.arraycopy(tail, tailLength - kept, tail, 0, kept);
            int added = Math.min(length, tail.length);
            System.arraycopy(bytes, length - added, tail, kept, added);
            tailLength = kept + added;
        }

        private synchronized String tail() {
            return new String(tail, 0, tailLength, StandardCharsets.UTF_8).strip();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            int read = out.read(bytes, offset, length);
            if (read < 0) {
                requireSuccess();
            }
            return read;
        }

        private void requireSuccess() throws IOException {
            int code;
            try {
                code = process.waitFor();
                errors.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted while waiting for " + program);
            }
            if (code != 0) {
                failure = Optional.of(new DumpFailedException("command " + program + " ended with exit code " + code
                        + (tail().isEmpty() ? "" : "; it said: " + tail())));
                throw failure.get();
            }
        }

        @Override
        public void close() throws IOException {
            if (process.isAlive()) {
                process.destroy();
                process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
                process.destroyForcibly();
            }
            out.close();
        }
    }
}
