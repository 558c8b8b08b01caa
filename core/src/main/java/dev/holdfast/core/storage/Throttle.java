package dev.holdfast.core.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * A bucket of bytes that fills at the rate of a {@link RateLimit} and holds a tenth of a second's worth. All streams of
 * a storage take from the same one. A taker may overdraw it and then waits off the debt, so those that come later wait
 * longer and the rate holds for all together.
 */
final class Throttle {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final double NANOS_PER_SECOND = 1e9;

    private final double bytesPerNano;
    private final double capacityBytes;
    private final Time time;
    private double balanceBytes;
    private long filledAtNanos;

    Throttle(RateLimit limit, Time time) {
        this.bytesPerNano = limit.bytesPerSecond() / NANOS_PER_SECOND;
        this.capacityBytes = limit.bytesPerSecond() / 10.0;
        this.balanceBytes = capacityBytes;
        this.time = time;
        this.filledAtNanos = time.nanos();
    }

    /** Waits until so many bytes may have passed. */
    void take(int bytes) throws InterruptedIOException {
        Duration debt = book(bytes);
        if (debt.isPositive()) {
            time.sleep(debt);
        }
    }

    private synchronized Duration book(int bytes) {
        long now = time.nanos();
        balanceBytes = Math.min(capacityBytes, balanceBytes + (now - filledAtNanos) * bytesPerNano) - bytes;
        filledAtNanos = now;
        return Duration.ofNanos((long) Math.max(0, -balanceBytes / bytesPerNano));
    }

    /** The same body at the allowed pace. */
    Body slow(Body body) {
        return new Body() {
            @Override
            public long bytes() {
                return body.bytes();
            }

            @Override
            public InputStream open() throws IOException {
                return slow(body.open());
            }
        };
    }

    /** The same stream at the allowed pace; closes it when closed. */
    InputStream slow(InputStream in) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                int value = in.read();
                if (value >= 0) {
                    take(1);
                }
                return value;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = in.read(buffer, offset, Math.min(length, PIECE_BYTES));
                if (count > 0) {
                    take(count);
                }
                return count;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }
}
