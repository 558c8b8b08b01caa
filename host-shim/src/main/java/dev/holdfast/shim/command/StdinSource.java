package dev.holdfast.shim.command;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Standard input as a source. The exit code of whatever feeds the pipe cannot be seen here: an input that ends early looks whole, which the
 * evidence and a warning for empty input say. {@link CommandSource} does not have this gap.
 */
public final class StdinSource implements BackupSource {
    private boolean given;
    private boolean empty = true;

    @Override
    public String engine() {
        return "stdin";
    }

    @Override
    public Consistency consistency() {
        return Consistency.CRASH;
    }

    @Override
    public Optional<NamedStream> next() {
        if (given) {
            return Optional.empty();
        }
        given = true;
        return Optional.of(new NamedStream(
                "stdin", () -> new Watched(new ChannelInput(new FileInputStream(FileDescriptor.in).getChannel()))));
    }

    @Override
    public Map<String, Object> evidence() {
        return Map.of("engine", "stdin", "exitCode", "not seen");
    }

    @Override
    public List<String> warnings() {
        return empty ? List.of("standard input was empty") : List.of();
    }

    @Override
    public void close() {}

    /** Notes whether anything came. */
    private final class Watched extends InputStream {
        private final InputStream in;

        Watched(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            empty &= read < 0;
            return read;
        }
    }
}
