package dev.holdfast.core.source;

import java.io.IOException;
import java.io.InputStream;

/** One stream of bytes to back up. */
public interface DumpSource {
    /**
     * Starts the dump. End of file is a promise: the stream ends only after the command's exit code was 0 and the engine's own end mark
     * was seen. Otherwise {@code read} throws {@link DumpFailedException} with the tail of stderr, and goes on throwing it.
     * Closing before the end stops the command.
     */
    InputStream open() throws IOException;
}
