package dev.holdfast.core.storage.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** vsftpd: LIST only, and data connections must resume the TLS session. */
class VsftpdIT extends FtpContract {
    private static FtpServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws IOException {
        server = FtpServer.start(FtpServer.Kind.VSFTPD, TestCertificates.in(folder), TestCertificates.Flaw.NONE);
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Override
    FtpServer server() {
        return server;
    }

    @Override
    FtpSecurity security() {
        return FtpSecurity.EXPLICIT_TLS;
    }

    @Test
    void implicitTls() throws Exception {
        works(connected(FtpSecurity.IMPLICIT_TLS, "127.0.0.1", FtpPassiveMode.EPSV));
    }

    @Test
    void aDataConnectionOfANewTlsSessionIsRefusedByThisServer() throws Exception {
        assertThat(FtpReuse.uploadsWithoutReuse(server.endpoint(FtpSecurity.EXPLICIT_TLS, root())))
                .isFalse();
    }
}
