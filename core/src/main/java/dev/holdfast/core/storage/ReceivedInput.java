package dev.holdfast.core.storage;

import java.io.IOException;
import java.io.InputStream;

/**
 * The stream of an object as it arrives, with a length known beforehand: an end before the last byte is a lost
 * connection and throws {@link StorageException.Unavailable}. Protocols that mark the end by closing the connection (and
 * libraries that read a broken one as an end) need it.
 */
public final class ReceivedInput extends InputStream {
    private final InputStream in;
    private final long bytes;
    private long read;

    /**
     * Takes over a stream and closes it when closed.
     *
     * @param bytes how many bytes must arrive; whatever follows them is not read
     */
    public ReceivedInput(InputStream in, long bytes) {
        this.in = in;
        this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (read == bytes) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, bytes - read));
        if (count < 0) {
            throw new StorageException.Unavailable(
                    "connection ended after " + read + " of " + bytes + " bytes; try again", null);
        }
        read += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
