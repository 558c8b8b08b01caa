package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/** Writes a body to an open file, many requests ahead of their answers. */
final class PartUpload {
    /** 1 Gbit/s for one connection: what is in flight suffices for such a line at the round trip that it has. */
    private static final long BYTES_A_SECOND = 128L << 20;

    /**
     * Enough for a server near by. No more than it takes, because OpenSSH's server lets its buffers grow by as little as
     * each packet needs, and copies them each time: 2 MiB in flight cost it two seconds of processor time at the
     * beginning of each connection where 512 KiB cost a tenth of one (measured, OpenSSH 9.2).
     */
    private static final long LEAST_BYTES_IN_FLIGHT = 512 << 10;

    /** Twice OpenSSH's window, so that the line never waits for the disk. */
    private static final long MOST_BYTES_IN_FLIGHT = 4 << 20;

    private final SftpConnection connection;
    private final byte[] handle;
    private final int pieceBytes;
    private final int piecesInFlight;
    private final Deque<Promise<Response, SFTPException>> inFlight = new ArrayDeque<>();
    private long offset;

    PartUpload(SftpConnection connection, byte[] handle) throws SFTPException, StorageException {
        this.connection = connection;
        this.handle = handle;
        this.pieceBytes = connection.writeBytes();
        this.piecesInFlight = Math.ceilDiv(bytesInFlight(connection.roundTrip(handle)), pieceBytes);
    }

    static int bytesInFlight(Duration roundTrip) {
        long bytes =
                roundTrip.toNanos() * BYTES_A_SECOND / Duration.ofSeconds(1).toNanos();
        return (int) Math.clamp(bytes, LEAST_BYTES_IN_FLIGHT, MOST_BYTES_IN_FLIGHT);
    }

    /** Returns when the server has answered for every byte. */
    void send(Body body) throws IOException {
        if (body instanceof Body.Memory(byte[] content, int start, int length)) {
            for (int sent = 0; sent < length; sent += pieceBytes) {
                send(content, start + sent, Math.min(pieceBytes, length - sent));
            }
        } else {
            sendStream(body);
        }
        while (!inFlight.isEmpty()) {
            connection.written(inFlight.remove());
        }
    }

    private void sendStream(Body body) throws IOException {
        byte[] piece = new byte[pieceBytes];
        try (InputStream in = BodyInput.open(body)) {
            for (int count = fill(in, piece); count > 0; count = fill(in, piece)) {
                send(piece, 0, count);
            }
        }
    }

    private static int fill(InputStream in, byte[] piece) throws IOException {
        return in.readNBytes(piece, 0, piece.length);
    }

    private void send(byte[] from, int start, int bytes) throws SFTPException, StorageException {
        if (inFlight.size() >= piecesInFlight) {
            connection.written(inFlight.remove());
        }
        inFlight.add(connection.sendWrite(handle, offset, from, start, bytes));
        offset += bytes;
    }
}
