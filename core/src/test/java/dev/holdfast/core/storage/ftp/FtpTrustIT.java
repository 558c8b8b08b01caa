package dev.holdfast.core.storage.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.testing.TestCertificates;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is believed to be the server. */
class FtpTrustIT {
    private static final ObjectKey KEY = new ObjectKey("x");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFlawedCertificateIsRefusedBeforeThePasswordIsSent(TestCertificates.Flaw flaw) throws Exception {
        List<String> asked = new ArrayList<>();
        try (FtpServer server = FtpServer.start(FtpServer.Kind.VSFTPD, TestCertificates.in(folder), flaw)) {
            for (FtpSecurity security : List.of(FtpSecurity.EXPLICIT_TLS, FtpSecurity.IMPLICIT_TLS)) {
                try (FtpDriver driver = new FtpDriver(
                        server.endpoint(security, "/"),
                        () -> {
                            asked.add("password");
                            return FtpServer.PASSWORD;
                        },
                        FtpServer.TIMEOUTS,
                        InetAddress::getAllByName)) {
                    assertThatThrownBy(() -> driver.stat(KEY))
                            .isInstanceOf(StorageException.Denied.class)
                            .hasMessageContaining("is not trusted")
                            .hasMessageContaining("check the host name, renew the certificate");
                }
            }
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void onlyAPinnedAuthorityOrCertificateIsTrusted() throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        try (FtpServer server =
                FtpServer.start(FtpServer.Kind.VSFTPD, certificates, TestCertificates.Flaw.UNKNOWN_AUTHORITY)) {
            StorageSpec.Ftp byAuthority = server.endpoint(FtpSecurity.EXPLICIT_TLS, "/");
            Path own =
                    certificates.server(TestCertificates.Flaw.UNKNOWN_AUTHORITY).resolve("cert.pem");
            try (FtpDriver pinned = FtpServer.driver(trusting(byAuthority, Optional.of(own)));
                    FtpDriver system = FtpServer.driver(trusting(byAuthority, Optional.empty()))) {
                assertThat(pinned.stat(KEY)).isEmpty();
                assertThatThrownBy(() -> system.stat(KEY)).isInstanceOf(StorageException.Denied.class);
            }
        }
    }

    private static StorageSpec.Ftp trusting(StorageSpec.Ftp endpoint, Optional<Path> certificates) {
        return new StorageSpec.Ftp(
                endpoint.security(),
                endpoint.host(),
                endpoint.port(),
                endpoint.user(),
                endpoint.password(),
                endpoint.root(),
                certificates,
                endpoint.passiveMode(),
                endpoint.connections());
    }

    @Test
    void everyAddressOfANameIsTriedAndTheNameIsWhatIsVerified() throws Exception {
        InetAddress[] addresses = {
            InetAddress.ofLiteral("127.0.0.9"), InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.1")
        };
        try (FtpServer server =
                FtpServer.start(FtpServer.Kind.VSFTPD, TestCertificates.in(folder), TestCertificates.Flaw.NONE)) {
            String root = server.newRoot();
            int port = server.port(FtpSecurity.EXPLICIT_TLS);
            try (FtpDriver good = named(server, "localhost", port, root, addresses);
                    FtpDriver bad = named(server, "other.example", port, root, addresses)) {
                good.put(KEY, Body.of(new byte[1000]), PutMode.REPLACE);
                assertThat(good.stat(KEY)).isPresent();
                assertThatThrownBy(() -> bad.stat(KEY)).isInstanceOf(StorageException.Denied.class);
            }
        }
    }

    private static FtpDriver named(FtpServer server, String host, int port, String root, InetAddress[] addresses)
            throws Exception {
        return new FtpDriver(
                server.endpoint(FtpSecurity.EXPLICIT_TLS, host, port, root, FtpPassiveMode.EPSV),
                () -> FtpServer.PASSWORD,
                FtpServer.TIMEOUTS,
                asked -> addresses);
    }
}
