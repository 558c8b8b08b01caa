package dev.holdfast.shim.docker;

import dev.holdfast.core.source.DumpFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A dump that must begin and end with its engine's own marks. The end of the stream is given only when both were seen; otherwise {@code
 * read} throws {@link DumpFailedException}, again and again.
 */
public final class MarkedStream extends InputStream {
    private static final int TAIL_BYTES = 4096;

    private final InputStream in;
    private final String what;
    private final byte[] head;
    private final String tailMark;
    private final byte[] tail = new byte[TAIL_BYTES];
    private int tailLength;
    private long position;
    private @Nullable String broken;

    /**
     * @param what for messages, for example {@code pg_dump in container shop}
     * @param head the bytes it must begin with, may be empty
     * @param tailMark an ASCII text that must be in its last 4096 bytes, may be empty
     */
    public MarkedStream(InputStream in, String what, byte[] head, String tailMark) {
        this.in = in;
        this.what = what;
        this.head = head.clone();
        this.tailMark = tailMark;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (broken != null) {
            throw new DumpFailedException(broken);
        }
        int count = in.read(target, offset, length);
        if (count > 0) {
            checkHead(target, offset, count);
            remember(target, offset, count);
        } else if (count < 0) {
            checkEnd();
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void checkHead(byte[] bytes, int offset, int count) throws IOException {
        for (int i = 0; position < head.length && i < count; i++, position++) {
            if (bytes[offset + i] != head[(int) position]) {
                throw breaks(what + " did not begin as its format does");
            }
        }
    }

    private void checkEnd() throws IOException {
        if (position < head.length) {
            throw breaks(what + " ended before the beginning of its format was whole");
        }
        String end = new String(tail, 0, tailLength, StandardCharsets.ISO_8859_1);
        if (!end.contains(tailMark)) {
            throw breaks(what + " ended without its end mark");
        }
    }

    private void remember(byte[] bytes, int offset, int count) {
        if (tailMark.isEmpty()) {
            return;
        }
        if (count >= TAIL_BYTES) {
            System.arraycopy(bytes, offset + count - TAIL_BYTES, tail, 0, TAIL_BYTES);
            tailLength = TAIL_BYTES;
            return;
        }
        int keep = Math.min(tailLength, TAIL_BYTES - count);
        byte[] kept = Arrays.copyOfRange(tail, tailLength - keep, tailLength);
        System.arraycopy(kept, 0, tail, 0, keep);
        System.arraycopy(bytes, offset, tail, keep, count);
        tailLength = keep + count;
    }

    private DumpFailedException breaks(String why) {
        broken = why;
        return new DumpFailedException(why);
    }
}
