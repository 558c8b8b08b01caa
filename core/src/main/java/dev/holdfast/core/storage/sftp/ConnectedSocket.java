package dev.holdfast.core.storage.sftp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.SocketFactory;

/** Hands sshj a socket that is connected already: every address of the host is tried, where sshj tries the first only. */
final class ConnectedSocket extends SocketFactory {
    private final Socket socket;

    private ConnectedSocket(Socket socket) {
        this.socket = socket;
    }

    /** @param timeout for each address */
    static ConnectedSocket to(String host, int port, Duration timeout) throws IOException {
        IOException failure = new IOException(host + " has no address");
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket socket = new BufferedSocket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), Math.toIntExact(timeout.toMillis()));
                return new ConnectedSocket(socket);
            } catch (IOException e) {
                socket.close();
                failure = e; // the last address's trouble is told when none answers
            }
        }
        throw failure;
    }

    Socket socket() {
        return socket;
    }

    @Override
    public Socket createSocket() {
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        return socket;
    }

    /** Reads ahead, where sshj asks for the head of each packet and then for its rest with a system call or two each. */
    private static final class BufferedSocket extends Socket {
        private static final int BUFFER_BYTES = 64 << 10;

        @Override
        public InputStream getInputStream() throws IOException {
            return new BufferedInputStream(super.getInputStream(), BUFFER_BYTES);
        }
    }
}
