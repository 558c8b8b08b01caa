package dev.holdfast.core.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a {@link Body} as drivers send it: it gives exactly {@link Body#bytes()} bytes or fails with
 * {@link StorageException.Corrupt}. A surplus is seen together with the last byte, so a driver that reads no further
 * than the length notices it before it commits. Once failed it stays failed, and {@link #failure()} tells a driver whose
 * library wraps or hides the cause that the body was to blame, not the storage.
 */
public final class BodyInput extends InputStream {
    private final InputStream in;
    private final long bytes;
    private long read;
    private boolean endSeen;
    private @Nullable IOException failure;

    private BodyInput(InputStream in, long bytes) {
        this.in = in;
        this.bytes = bytes;
    }

    /** Opens the body. The caller closes the stream. */
    public static BodyInput open(Body body) throws IOException {
        return new BodyInput(body.open(), body.bytes());
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
        if (length == 0) {
            return 0;
        }
        try {
            return next(buffer, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private int next(byte[] buffer, int offset, int length) throws IOException {
        if (read == bytes) {
            requireEnd();
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, bytes - read));
        if (count < 0) {
            throw new StorageException.Corrupt(
                    "body ended after " + read + " of " + bytes + " bytes; nothing was stored", null);
        }
        read += count;
        if (read == bytes) {
            requireEnd();
        }
        return count;
    }

    private void requireEnd() throws IOException {
        if (!endSeen && in.read() >= 0) {
            throw new StorageException.Corrupt(
                    "body has more than the " + bytes + " bytes it announced; nothing was stored", null);
        }
        endSeen = true;
    }

    /** Why reading the body failed, if it did. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
