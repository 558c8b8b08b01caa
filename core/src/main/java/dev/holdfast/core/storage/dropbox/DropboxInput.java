package dev.holdfast.core.storage.dropbox;

import dev.holdfast.core.storage.ReceivedInput;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** An object as it arrives: exactly the bytes that were announced, or a {@link StorageException}. */
final class DropboxInput extends InputStream {
    private final InputStream in;
    private final String key;
    private @Nullable StorageException failure;
    private boolean closed;

    /** @param bytes how many bytes must arrive */
    DropboxInput(InputStream in, long bytes, String key) {
        this.in = new ReceivedInput(in, bytes);
        this.key = key;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IOException("stream of " + key + " is closed");
        }
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            failure = DropboxErrors.ofStream(e, key);
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            in.close();
        }
    }
}
