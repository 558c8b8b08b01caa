package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/** Writes a body to an open file, many requests ahead of their answers. */
final class PartUpload {
    /** A write request that just fits one SSH packet of 32 KiB, the size OpenSSH takes: larger ones come in crumbs. */
    private static final int PIECE_BYTES = (32 << 10) - 64;

    /** 2 MiB ahead, OpenSSH's own window: the line is kept busy up to 160 MB/s at a round trip of 13 ms. */
    private static final int PIECES_IN_FLIGHT = 64;

    private final SftpConnection connection;
    private final byte[] handle;
    private final Deque<Promise<Response, SFTPException>> inFlight = new ArrayDeque<>(PIECES_IN_FLIGHT);
    private long offset;

    PartUpload(SftpConnection connection, byte[] handle) {
        this.connection = connection;
        this.handle = handle;
    }

    /** Returns when the server has answered for every byte. */
    void send(Body body) throws IOException {
        if (body instanceof Body.Memory(byte[] content, int start, int length)) {
            for (int sent = 0; sent < length; sent += PIECE_BYTES) {
                send(content, start + sent, Math.min(PIECE_BYTES, length - sent));
            }
        } else {
            sendStream(body);
        }
        while (!inFlight.isEmpty()) {
            connection.written(inFlight.remove());
        }
    }

    private void sendStream(Body body) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
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
        if (inFlight.size() == PIECES_IN_FLIGHT) {
            connection.written(inFlight.remove());
        }
        inFlight.add(connection.sendWrite(handle, offset, from, start, bytes));
        offset += bytes;
    }
}
