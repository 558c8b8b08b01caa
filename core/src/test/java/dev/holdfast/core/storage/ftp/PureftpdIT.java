package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Pure-FTPd: MLSD, and codes of its own for renames; Debian's knows no implicit TLS. */
class PureftpdIT extends FtpContract {
    private static FtpServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws IOException {
        server = FtpServer.start(FtpServer.Kind.PUREFTPD, TestCertificates.in(folder), TestCertificates.Flaw.NONE);
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

    /** It drops them, which the driver finds out before a wrong object is touched. */
    @Override
    protected boolean allowsName(String part) {
        return !part.endsWith(" ");
    }
}
