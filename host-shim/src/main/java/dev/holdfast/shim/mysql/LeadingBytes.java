package dev.holdfast.shim.mysql;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, which must have them; what follows is left to be read, and closing this closes nothing. */
final class LeadingBytes extends InputStream {
    private final InputStream in;
    private long left;

    LeadingBytes(InputStream in, long bytes) {
        this.in = in;
        this.left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the stream ended " + left + " bytes early");
        }
        left -= count;
        return count;
    }
}
