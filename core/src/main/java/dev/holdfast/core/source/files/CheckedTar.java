package dev.holdfast.core.source.files;

import dev.holdfast.core.source.DumpFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An archive of another program, handed on byte by byte and read on the way. It ends only after the archive's own end mark; when that is
 * missing or a header is damaged, {@code read} throws {@link DumpFailedException}, again and again. Holds one header, or 64 KiB of content.
 */
public final class CheckedTar extends InputStream {
    private static final int PIECE_BYTES = 64 << 10;
    /** More than the largest header that is accepted; also bounds what may follow the end mark. */
    private static final int MOST_AHEAD_BYTES = 32 << 20;

    private final String what;
    private final Ahead ahead;
    private final TarReader reader;
    private final byte[] piece = new byte[PIECE_BYTES];
    private final Map<EntryKind, Long> entries = new EnumMap<>(EntryKind.class);
    private final MessageDigest digest = sha256();
    private Optional<TarEntry> entry = Optional.empty();
    private boolean inBody;
    private boolean ended;
    private boolean closed;
    private long contentBytes;
    private long archiveBytes;
    private @Nullable DumpFailedException failure;
    private @Nullable TarReport report;

    /**
     * @param archive closed with this stream
     * @param what the archive is of, for messages
     */
    public CheckedTar(InputStream archive, String what) {
        this.what = what;
        this.ahead = new Ahead(archive);
        this.reader = new TarReader(ahead);
    }

    /** The next entry, past the rest of the last one; for callers that want a listing and not the bytes. */
    public Optional<TarEntry> nextEntry() throws IOException {
        entry = Optional.empty();
        while (!ended && entry.isEmpty()) {
            ahead.forget();
            advance();
        }
        return entry;
    }

    /** What was in the archive. Throws {@link IllegalStateException} before its end was read: half a count is none. */
    public TarReport report() {
        TarReport whole = report;
        if (whole == null) {
            throw new IllegalStateException("the tar of " + what + " has not been read to its end");
        }
        return whole;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new EOFException("the tar of " + what + " was closed before its end");
        }
        while (ahead.isEmpty()) {
            if (ended) {
                finish();
                return -1;
            }
            advance();
        }
        int count = ahead.take(target, offset, length);
        digest.update(target, offset, count);
        archiveBytes += count;
        return count;
    }

    /** One header, or one piece of a body. */
    private void advance() throws IOException {
        try {
            if (inBody && reader.read(piece, piece.length) >= 0) {
                return;
            }
            inBody = false;
            entry = reader.next();
        } catch (TarFormatException e) {
            failure = new DumpFailedException(
                    "the tar of " + what + " is not whole: " + e.getMessage()
                            + ". The engine ends it early when a file shrinks while it is read; try again, or let the container be"
                            + " paused meanwhile",
                    e);
            throw failure;
        }
        ended = entry.isEmpty();
        inBody = !ended;
        entry.ifPresent(one -> {
            entries.merge(one.kind(), 1L, Long::sum);
            contentBytes += one.kind() == EntryKind.FILE ? one.size() : 0;
        });
    }

    private void finish() {
        if (report == null) {
            report = new TarReport(
                    entries, contentBytes, archiveBytes, HexFormat.of().formatHex(digest.digest()));
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        ahead.close();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Keeps what the reader has taken until it is handed on. */
    private static final class Ahead extends InputStream {
        private final InputStream archive;
        private byte[] kept = new byte[2 * PIECE_BYTES];
        private int begin;
        private int end;

        Ahead(InputStream archive) {
            this.archive = archive;
        }

        boolean isEmpty() {
            return begin == end;
        }

        void forget() {
            begin = 0;
            end = 0;
        }

        int take(byte[] target, int offset, int length) {
            int count = Math.min(length, end - begin);
            System.arraycopy(kept, begin, target, offset, count);
            begin += count;
            if (begin == end) {
                forget();
            }
            return count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = archive.read(target, offset, length);
            if (count > 0) {
                if (end + count > kept.length) {
                    if (end + count > MOST_AHEAD_BYTES) {
                        throw new TarFormatException("it has a header or a tail without end");
                    }
                    kept = Arrays.copyOf(kept, Math.max(2 * kept.length, end + count));
                }
                System.arraycopy(target, offset, kept, end, count);
                end += count;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            archive.close();
        }
    }
}
