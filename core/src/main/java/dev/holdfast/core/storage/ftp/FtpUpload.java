package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import java.io.IOException;
import java.io.OutputStream;

/** Sends a body down a data connection, and keeps the body's failures apart from the connection's. */
final class FtpUpload {
    private static final int COPY_BYTES = 256 * 1024;

    private FtpUpload() {}

    /** The connection failed while we wrote; the server may have said why on the control connection. */
    static final class WriteFailed extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException socketFailure;

        WriteFailed(IOException socketFailure) {
            super(socketFailure);
            this.socketFailure = socketFailure;
        }

        IOException socketFailure() {
            return socketFailure;
        }
    }

    /**
     * Sends all bytes, no more and no fewer than the body announced, and ends the data connection in order.
     *
     * @throws dev.holdfast.core.storage.StorageException.Corrupt the body is shorter or longer than it said
     * @throws WriteFailed the connection failed
     * @throws IOException the body's own failure
     */
    static void send(Body body, DataChannel data, StallGuard guard) throws IOException {
        if (body instanceof Body.Memory(byte[] content, int offset, int length)) {
            for (int sent = 0; sent < length; sent += COPY_BYTES) {
                write(data, guard, content, offset + sent, Math.min(COPY_BYTES, length - sent));
            }
        } else {
            sendStream(body, data, guard);
        }
        guard.writing();
        try {
            data.close();
        } catch (IOException e) {
            throw new WriteFailed(e);
        } finally {
            guard.moved();
        }
    }

    private static void sendStream(Body body, DataChannel data, StallGuard guard) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        try (BodyInput in = BodyInput.open(body)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                write(data, guard, buffer, 0, read);
            }
        }
    }

    private static void write(DataChannel data, StallGuard guard, byte[] bytes, int offset, int length)
            throws WriteFailed {
        guard.writing();
        try {
            OutputStream out = data.socket().getOutputStream();
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new WriteFailed(guard.isStalled() ? new IOException("no byte moved for too long", e) : e);
        } finally {
            guard.moved();
        }
    }
}
