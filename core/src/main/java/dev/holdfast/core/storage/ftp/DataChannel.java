package dev.holdfast.core.storage.ftp;

import java.io.IOException;
import java.net.Socket;

/**
 * One data connection.
 *
 * @param socket carries the bytes, under TLS where that is on
 * @param wire the TCP connection below (the same socket in the clear)
 */
record DataChannel(Socket socket, Socket wire) implements AutoCloseable {
    /** Ends it in order: under TLS with a close notification, so that the server knows the end from a cut. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Cuts it at once, also under a thread that is blocked writing to it. */
    void cut() throws IOException {
        wire.close();
    }
}
