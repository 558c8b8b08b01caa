package dev.holdfast.shim.docker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The last 64 KiB of what a command complained. One thread appends, any may read. */
final class StderrTail {
    static final int CAPACITY_BYTES = 64 << 10;

    private final byte[] ring = new byte[CAPACITY_BYTES];
    private long total;

    synchronized void append(ByteBuffer from, int count) {
        for (int left = count; left > 0; ) {
            int at = (int) (total % CAPACITY_BYTES);
            int n = Math.min(left, CAPACITY_BYTES - at);
            from.get(ring, at, n);
            total += n;
            left -= n;
        }
    }

    synchronized String text() {
        int length = (int) Math.min(total, CAPACITY_BYTES);
        byte[] tail = new byte[length];
        for (int i = 0; i < length; i++) {
            tail[i] = ring[(int) ((total - length + i) % CAPACITY_BYTES)];
        }
        return new String(tail, StandardCharsets.UTF_8).strip();
    }
}
