package dev.holdfast.core.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy that loses its connections after a number of bytes, for tests of what a driver does then. Once it has cut,
 * every connection is refused until {@link #heal()}, so a driver's own second attempt fails as well. It may forward
 * several ports (FTP's data connections); they share one budget.
 */
public final class DroppingProxy implements AutoCloseable {
    private static final Duration CUT_ARRIVES_WITHIN = Duration.ofMillis(50);

    /** How a connection ends. */
    public enum Cut {
        /** TCP reset: the peer's next call fails. */
        RESET,
        /** An orderly end, which a careless reader takes for the end of the object. */
        CLOSE
    }

    private static final long NEVER = Long.MAX_VALUE;
    private static final int BUFFER_BYTES = 16 * 1024;

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> live = ConcurrentHashMap.newKeySet();
    private long uploadBytesLeft = NEVER;
    private long downloadBytesLeft = NEVER;
    private volatile Cut how = Cut.RESET;
    private boolean broken;

    /** A proxy in front of one server, listening on a free loopback port. */
    public static DroppingProxy to(InetSocketAddress target) throws IOException {
        DroppingProxy proxy = new DroppingProxy();
        proxy.forward(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), target);
        return proxy;
    }

    /** Forwards one more port; returns where it listens. */
    public InetSocketAddress forward(InetSocketAddress listen, InetSocketAddress target) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(listen);
        listeners.add(listener);
        Thread.ofVirtual().start(() -> accept(listener, target));
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Where the first forwarded port listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listeners.getFirst().getLocalSocketAddress();
    }

    /** From now on lets this many bytes pass from client to server, over all connections, then cuts them all. */
    public synchronized void cutUploadAfter(long bytes, Cut cut) {
        uploadBytesLeft = bytes;
        how = cut;
    }

    /** From now on lets this many bytes pass from server to client, over all connections, then cuts them all. */
    public synchronized void cutDownloadAfter(long bytes, Cut cut) {
        downloadBytesLeft = bytes;
        how = cut;
    }

    /** Ends all connections of this moment, and waits until both ends have heard of it; new ones are welcome. */
    public void cutIdle(Cut cut) throws InterruptedException {
        live.forEach(socket -> end(socket, cut));
        Thread.sleep(CUT_ARRIVES_WITHIN);
    }

    /** Whether a budget was used up since the last {@link #heal()}: proof that the cut came in the middle. */
    public synchronized boolean hasCut() {
        return broken;
    }

    /** Lets everything pass again. */
    public synchronized void heal() {
        uploadBytesLeft = NEVER;
        downloadBytesLeft = NEVER;
        broken = false;
    }

    private void accept(ServerSocket listener, InetSocketAddress target) {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept(), target);
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client, InetSocketAddress target) {
        live.add(client);
        if (hasCut()) {
            end(client, how);
            return;
        }
        Socket server = new Socket();
        live.add(server);
        try {
            server.connect(new InetSocketAddress(target.getHostString(), target.getPort()), 5_000);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException serverIsDown) {
            end(server, Cut.RESET);
            end(client, Cut.RESET); // exactly what a client of a server that is down would see
            return;
        }
        Thread.ofVirtual().start(() -> relay(client, server, true));
        Thread.ofVirtual().start(() -> relay(server, client, false));
    }

    private void relay(Socket from, Socket to, boolean upload) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                int allowed = spend(count, upload);
                out.write(buffer, 0, allowed);
                if (allowed < count) {
                    cutAll();
                    return;
                }
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end(from, Cut.CLOSE);
                end(to, Cut.CLOSE);
            }
        } catch (IOException connectionLost) {
            Cut cut = hasCut() ? how : Cut.RESET; // one side is gone, so the other must see it go
            end(from, cut);
            end(to, cut);
        }
    }

    private synchronized int spend(int count, boolean upload) {
        long left = upload ? uploadBytesLeft : downloadBytesLeft;
        int allowed = (int) Math.min(left, count);
        if (left != NEVER) {
            if (upload) {
                uploadBytesLeft -= allowed;
            } else {
                downloadBytesLeft -= allowed;
            }
        }
        broken |= allowed < count;
        return allowed;
    }

    /** Done before {@link #heal()} returns, so that a cut never reaches a connection made after it. */
    private synchronized void cutAll() {
        if (broken) {
            live.forEach(socket -> end(socket, how));
        }
    }

    private void end(Socket socket, Cut cut) {
        live.remove(socket);
        try (socket) {
            if (cut == Cut.RESET && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            if (!socket.isClosed()) { // closed by the thread of the other direction meanwhile: it has ended, as wanted
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        live.forEach(socket -> end(socket, Cut.RESET));
    }
}
