package dev.holdfast.core.storage.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.storage.StorageException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FtpTrustTest {
    private static final String TICKETS = "jdk.tls.client.enableSessionTicketExtension";

    @Test
    void theSystemPropertyIsAsBefore() throws Exception {
        FtpTrust trust = FtpTrust.of(Optional.empty());
        assertThat(System.getProperty(TICKETS)).isNull();
        trust.newContext();
        assertThat(System.getProperty(TICKETS)).isNull();
        System.setProperty(TICKETS, "true");
        try {
            trust.newContext();
            assertThat(System.getProperty(TICKETS)).isEqualTo("true");
        } finally {
            System.clearProperty(TICKETS);
        }
    }

    @Test
    void aContextSpeaksTls12Only() throws Exception {
        assertThat(FtpTrust.of(Optional.empty())
                        .newContext()
                        .getDefaultSSLParameters()
                        .getProtocols())
                .containsExactly("TLSv1.2");
    }

    @Test
    void aFileWithoutCertificatesIsRefused(@TempDir Path folder) throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path text = Files.writeString(folder.resolve("text.pem"), "not a certificate");
        for (Path file : new Path[] {empty, text, folder.resolve("missing.pem")}) {
            assertThatThrownBy(() -> FtpTrust.of(Optional.of(file)))
                    .isInstanceOf(StorageException.Rejected.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void theKernelKeepsSilentConnectionsAlive() throws Exception {
        try (Socket socket = new LiveSockets().createSocket()) {
            assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(30);
            }
        }
    }
}
