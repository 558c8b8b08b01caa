package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Reads a range of an open file, many requests ahead. The range lies within the file's length as it was at opening, so an
 * end of file before its last byte is a failure, never the end of the stream.
 */
final class RangeInput extends InputStream {
    private static final int PIECE_BYTES = 32 << 10;
    private static final int PIECES_IN_FLIGHT = 64;

    private final ConnectionPool.Lease lease;
    private final byte[] handle;
    private final String what;
    private final Deque<Piece> inFlight = new ArrayDeque<>(PIECES_IN_FLIGHT);
    private final long end;
    private long requested;
    private int pieceBytes = PIECE_BYTES;
    private Received received = new Received(new byte[0], 0, 0);
    private boolean closed;

    private record Piece(long offset, int bytes, Promise<Response, SFTPException> answer) {}

    private static final class Received {
        private final byte[] content;
        private int position;
        private int left;

        private Received(byte[] content, int position, int left) {
            this.content = content;
            this.position = position;
            this.left = left;
        }
    }

    /**
     * @param lease of the connection; closed with the stream
     * @param end exclusive
     */
    RangeInput(ConnectionPool.Lease lease, byte[] handle, long start, long end, String what) {
        this.lease = lease;
        this.handle = handle;
        this.requested = start;
        this.end = end;
        this.what = what;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (received.left == 0 && !receive()) {
            return -1;
        }
        int count = Math.min(length, received.left);
        System.arraycopy(received.content, received.position, into, offset, count);
        received.position += count;
        received.left -= count;
        return count;
    }

    @Override
    public int available() {
        return received.left;
    }

    private boolean receive() throws IOException {
        try {
            while (inFlight.size() < PIECES_IN_FLIGHT && requested < end) {
                int bytes = (int) Math.min(pieceBytes, end - requested);
                inFlight.add(ask(requested, bytes));
                requested += bytes;
            }
            if (inFlight.isEmpty()) {
                return false;
            }
            received = content(inFlight.remove());
            return true;
        } catch (SFTPException e) {
            throw SftpErrors.of(e, what);
        }
    }

    private Piece ask(long offset, int bytes) throws StorageException {
        return new Piece(offset, bytes, lease.connection().sendRead(handle, offset, bytes));
    }

    private Received content(Piece piece) throws SFTPException, StorageException {
        Response answer = lease.connection().answer(piece.answer, SftpConnection.ANSWER_TIMEOUT);
        if (answer.getType() == PacketType.STATUS) {
            answer.ensureStatusIs(StatusCode.EOF);
            throw shrunk(piece.offset);
        }
        answer.ensurePacketTypeIs(PacketType.DATA);
        try {
            int bytes = answer.readUInt32AsInt();
            if (bytes <= 0 || bytes > piece.bytes || bytes > answer.available()) {
                throw new StorageException.Corrupt("cannot " + what + ": the SFTP server answered nonsense", null);
            }
            if (bytes < piece.bytes) {
                // A server with smaller packets than ours: fetch the rest next, and ask for no more from now on.
                pieceBytes = Math.min(pieceBytes, Math.max(bytes, 1 << 10));
                inFlight.addFirst(ask(piece.offset + bytes, piece.bytes - bytes));
            }
            return new Received(answer.array(), answer.rpos(), bytes);
        } catch (BufferException e) {
            throw new StorageException.Corrupt("cannot " + what + ": the SFTP server gave half an answer", e);
        }
    }

    private StorageException shrunk(long at) {
        return new StorageException.Corrupt(
                "cannot " + what + ": the file ended at byte " + at + " while it was read, before byte " + end, null);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (lease) {
            if (lease.connection().isUsable()) {
                lease.connection().close(handle);
            }
        } catch (SFTPException e) {
            throw SftpErrors.of(e, what);
        }
    }
}
