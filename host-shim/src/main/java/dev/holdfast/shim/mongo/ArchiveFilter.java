package dev.holdfast.shim.mongo;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * An archive of mongodump without some databases: their lines in the prelude and their blocks are taken out, all else passes as it is, so that checksums
 * of the collections that stay are right. mongodump itself can leave out collections of one database only. What is no archive passes too: {@link
 * ArchiveScan}, which says how an archive is built, refuses it.
 */
final class ArchiveFilter extends InputStream {
    private static final int TERMINATOR = -1;
    private static final int NUMBER_BYTES = 4;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private final InputStream in;
    private final Predicate<String> leftOut;
    private ByteBuffer ready = ByteBuffer.allocate(0);
    /** Bytes that pass as they are before the next number. */
    private long passing = NUMBER_BYTES; // the magic number

    private Expected expected = Expected.HEADER;
    /** Whether the prelude's own header, which names no database, has passed. */
    private boolean begun;

    private Block block = Block.PRELUDE;

    private enum Expected {
        HEADER,
        BODY
    }

    private enum Block {
        PRELUDE,
        KEPT,
        LEFT_OUT
    }

    /**
     * Reads {@code archive}.
     *
     * @param leftOut asked for each database that is met
     */
    ArchiveFilter(InputStream archive, Predicate<String> leftOut) {
        this.in = new BufferedInputStream(archive, BUFFER_BYTES);
        this.leftOut = leftOut;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ready.hasRemaining() && passing == 0) {
            if (!step()) {
                return -1;
            }
        }
        if (ready.hasRemaining()) {
            int count = Math.min(length, ready.remaining());
            ready.get(target, offset, count);
            return count;
        }
        int count = in.read(target, offset, (int) Math.min(length, passing));
        passing -= Math.max(0, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Takes the next number and what belongs to it; false at the end. */
    private boolean step() throws IOException {
        byte[] number = in.readNBytes(NUMBER_BYTES);
        if (number.length < NUMBER_BYTES) {
            ready = ByteBuffer.wrap(number);
            return number.length > 0;
        }
        int value = ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (value == TERMINATOR) {
            if (block != Block.LEFT_OUT) {
                ready = ByteBuffer.wrap(number);
            }
            expected = Expected.HEADER;
            return true;
        }
        boolean header = expected == Expected.HEADER;
        expected = Expected.BODY;
        if (value < 5 || (value > MAX_HEADER_BYTES && (header || block == Block.PRELUDE))) {
            ready = ByteBuffer.wrap(number);
            passing = Long.MAX_VALUE; // no archive
        } else if (header && !begun) {
            begun = true;
            pass(number, value);
        } else if (header || block == Block.PRELUDE) {
            decide(document(number, value), header);
        } else if (block == Block.LEFT_OUT) {
            leaveOut((long) value - NUMBER_BYTES);
        } else {
            pass(number, value);
        }
        return true;
    }

    private void leaveOut(long bytes) throws IOException {
        try {
            in.skipNBytes(bytes);
        } catch (EOFException e) {
            throw new ArchiveFormatException("the archive ends in the middle", e);
        }
    }

    private void pass(byte[] number, int length) {
        ready = ByteBuffer.wrap(number);
        passing = (long) length - NUMBER_BYTES;
    }

    private byte[] document(byte[] number, int length) throws IOException {
        byte[] rest = in.readNBytes(length - NUMBER_BYTES);
        byte[] document = Arrays.copyOf(number, NUMBER_BYTES + rest.length);
        System.arraycopy(rest, 0, document, NUMBER_BYTES, rest.length);
        return document;
    }

    private void decide(byte[] document, boolean header) throws ArchiveFormatException {
        boolean out = BsonFields.of(document).text("db").map(leftOut::test).orElse(false);
        if (header) {
            block = out ? Block.LEFT_OUT : Block.KEPT;
        }
        if (!out) {
            ready = ByteBuffer.wrap(document);
        }
    }
}
