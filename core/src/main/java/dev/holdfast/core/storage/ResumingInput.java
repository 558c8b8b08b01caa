package dev.holdfast.core.storage;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is opened again from the byte it reached when its connection is lost. The attempts are limited; they are
 * given back after each {@value #FRESH_AFTER_BYTES} bytes that came through, so a long download over a poor line ends,
 * and one that makes no way gives up. The object must not change meanwhile: a repository's never do.
 */
final class ResumingInput extends InputStream {
    /** Progress after which earlier failures are forgotten. */
    static final long FRESH_AFTER_BYTES = 8L << 20;

    private final Opener opener;
    private final ByteRange range;
    private final Attempts attempts;
    private final Meter.Counters counters;
    private final Time time;
    private InputStream in;
    private long read;
    private long readAtFailure;
    private int failed;
    private boolean ended;
    private @Nullable IOException failure;

    /** Opens the object once, without repetition; an object that has gone is an error now. */
    @FunctionalInterface
    interface Opener {
        InputStream open(ByteRange range) throws IOException;
    }

    /** How often, and with which waits. */
    @FunctionalInterface
    interface Attempts {
        /** Waits before the next attempt; throws {@code e} when there shall be none. */
        void next(int failed, StorageException.Unavailable e) throws IOException;
    }

    ResumingInput(
            InputStream in, ByteRange range, Opener opener, Attempts attempts, Meter.Counters counters, Time time) {
        this.in = in;
        this.range = range;
        this.opener = opener;
        this.attempts = attempts;
        this.counters = counters;
        this.time = time;
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
        if (ended) {
            return -1;
        }
        long start = time.nanos();
        try {
            int count = readOrResume(buffer, offset, length);
            ended = count < 0;
            read += Math.max(0, count);
            counters.bytes.add(Math.max(0, count));
            return count;
        } catch (IOException e) {
            failure = e;
            counters.failures.increment();
            throw e;
        } finally {
            counters.nanos.add(time.nanos() - start);
        }
    }

    private int readOrResume(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            try {
                return in.read(buffer, offset, length);
            } catch (StorageException.Unavailable e) {
                resume(e);
            }
        }
    }

    private void resume(StorageException.Unavailable first) throws IOException {
        StorageException.Unavailable lost = first;
        discard(lost);
        while (true) {
            failed = read - readAtFailure >= FRESH_AFTER_BYTES ? 1 : failed + 1;
            readAtFailure = read;
            attempts.next(failed, lost);
            if (!range.isToEnd() && read == range.length()) {
                in = InputStream.nullInputStream(); // lost after the last byte that was wanted
                return;
            }
            try {
                in = opener.open(rest());
                return;
            } catch (StorageException.Unavailable e) {
                lost = e;
            }
        }
    }

    private ByteRange rest() {
        return new ByteRange(range.offset() + read, range.isToEnd() ? Long.MAX_VALUE : range.length() - read);
    }

    private void discard(IOException why) {
        try {
            in.close();
        } catch (IOException e) {
            why.addSuppressed(e); // the connection is lost already; both are told if the attempts run out
        }
    }

    @Override
    public void close() throws IOException {
        if (failure == null) {
            failure = new IOException("stream is closed"); // so that no later read looks like an end
        }
        in.close();
    }
}
