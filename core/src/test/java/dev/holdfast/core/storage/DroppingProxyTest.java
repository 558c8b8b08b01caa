package dev.holdfast.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.storage.DroppingProxy.Cut;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy that proves drivers is proved itself. */
@Timeout(30)
class DroppingProxyTest {
    private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    private ServerSocket server = unbound();
    private DroppingProxy proxy = new DroppingProxy();

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends back what it gets, then tells how much it was, or -1 when its connection was reset. */
    private void echo(Socket socket) {
        int total = 0;
        try (socket) {
            byte[] buffer = new byte[4096];
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                socket.getOutputStream().write(buffer, 0, n);
                total += n;
            }
            received.add(total);
        } catch (IOException e) {
            received.add(-1);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException e) {
                    received.add(-2); // closed at the end of the test
                }
            }
        });
        proxy = DroppingProxy.to((InetSocketAddress) server.getLocalSocketAddress());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(proxy.address().getAddress(), proxy.address().getPort());
    }

    @Test
    void passesEverythingAndBothEnds() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[50_000]);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).hasSize(50_000);
        }
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo(50_000);
        assertThat(proxy.hasCut()).isFalse();
    }

    @Test
    void anOrderlyCutLooksLikeAnEnd() throws Exception {
        proxy.cutDownloadAfter(1000, Cut.CLOSE);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[2000]);
            assertThat(socket.getInputStream().readAllBytes()).hasSize(1000);
        }
        assertThat(proxy.hasCut()).isTrue();
    }

    @Test
    void aCutUploadArrivesInPart() throws Exception {
        proxy.cutUploadAfter(1000, Cut.CLOSE);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[2000]);
            assertThat(received.poll(5, TimeUnit.SECONDS)).isIn(1000, -1);
        }
        assertThat(proxy.hasCut()).isTrue();
    }

    @Test
    void aResetFailsTheReader() throws Exception {
        proxy.cutDownloadAfter(0, Cut.RESET);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[2000]);
            InputStream in = socket.getInputStream();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesUntilHealed() throws Exception {
        proxy.cutUploadAfter(0, Cut.CLOSE);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(1);
            assertThat(received.poll(5, TimeUnit.SECONDS)).isNotNull();
        }
        try (Socket socket = connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        proxy.heal();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(7);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void cutIdleEndsLiveConnectionsOnly() throws Exception {
        try (Socket before = connect()) {
            before.getOutputStream().write(7);
            assertThat(before.getInputStream().read()).isEqualTo(7);
            proxy.cutIdle(Cut.CLOSE);
            assertThat(before.getInputStream().read()).isEqualTo(-1);
        }
        try (Socket after = connect()) {
            after.getOutputStream().write(8);
            assertThat(after.getInputStream().read()).isEqualTo(8);
        }
    }
}
