package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.testing.TestCertificates;
import dev.holdfast.core.testing.TestContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** A real FTP server in a container on this machine's network, with TLS and, for comparison, logins in the clear. */
final class FtpServer implements AutoCloseable {
    static final String USER = "backup";
    static final String PASSWORD = "correct horse battery staple";
    static final FtpTimeouts TIMEOUTS = new FtpTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(60));
    /** Folder of eight megabytes. */
    static final String SMALL_DISK = "/full";

    private static final int PASSIVE_PORTS = 50;
    private static final String PROFTPD_IN_THE_CLEAR = """
            <VirtualHost 127.0.0.1 ::1>
              Port %d
              PassivePorts %d %d
              DefaultRoot ~
              RequireValidShell off
              AllowOverwrite on
              AllowStoreRestart on
            </VirtualHost>
            """;

    /** The servers, and how each is told to accept logins in the clear as well. */
    enum Kind {
        VSFTPD("vsftpd"),
        PROFTPD("proftpd"),
        PUREFTPD("pureftpd");

        private final String image;

        Kind(String image) {
            this.image = "holdfast-test/" + image + ":1";
        }

        private TestContainer.Recipe alsoInTheClear(
                TestContainer.Recipe recipe, int plainPort, int passive, int passiveLast) {
            return switch (this) {
                case VSFTPD -> recipe.environment("FTP_OPTIONS", "force_local_logins_ssl=NO\nforce_local_data_ssl=NO");
                case PROFTPD ->
                    recipe.environment("FTP_OPTIONS", PROFTPD_IN_THE_CLEAR.formatted(plainPort, passive, passiveLast));
                case PUREFTPD ->
                    recipe.option("--cap-add", "SYS_NICE", "--cap-add", "DAC_READ_SEARCH")
                            .command("--tls", "1");
            };
        }
    }

    private final TestContainer container;
    private final Path authority;
    private final int port;
    private final int implicitPort;
    private final int plainPort;
    private final int firstPassivePort;

    private FtpServer(
            TestContainer container, Path authority, int port, int implicitPort, int plainPort, int firstPassivePort) {
        this.container = container;
        this.authority = authority;
        this.port = port;
        this.implicitPort = implicitPort;
        this.plainPort = plainPort;
        this.firstPassivePort = firstPassivePort;
    }

    static FtpServer start(Kind kind, TestCertificates certificates, TestCertificates.Flaw flaw) throws IOException {
        int port = TestContainer.freePort();
        int implicitPort = TestContainer.freePort();
        int plainPort = TestContainer.freePort();
        // Below the ports that the kernel gives to outgoing connections, which would be in the proxy's way.
        int passive = 20_000 + PASSIVE_PORTS * ThreadLocalRandom.current().nextInt(200);
        TestContainer.Recipe recipe = TestContainer.image(kind.image)
                .hostNetwork(port)
                .environment("FTP_USER", USER)
                .environment("FTP_PASSWORD", PASSWORD)
                .environment("FTP_PORT", String.valueOf(port))
                .environment("FTPS_PORT", String.valueOf(implicitPort))
                .environment("FTP_PASSIVE_MIN", String.valueOf(passive))
                .environment("FTP_PASSIVE_MAX", String.valueOf(passive + PASSIVE_PORTS - 1))
                .mount(certificates.server(flaw), "/tls")
                .tmpfs("/data" + SMALL_DISK, "size=8m,mode=1777");
        TestContainer container = kind.alsoInTheClear(recipe, plainPort, passive, passive + PASSIVE_PORTS - 1)
                .start();
        FtpServer server = new FtpServer(
                container,
                certificates.authority(),
                port,
                implicitPort,
                kind == Kind.PROFTPD ? plainPort : port,
                passive);
        try {
            container.awaitBanner(port, "220");
            return server;
        } catch (IOException e) {
            container.close();
            throw e;
        }
    }

    int port(FtpSecurity security) {
        return switch (security) {
            case PLAIN -> plainPort;
            case EXPLICIT_TLS -> port;
            case IMPLICIT_TLS -> implicitPort;
        };
    }

    int firstPassivePort() {
        return firstPassivePort;
    }

    int lastPassivePort() {
        return firstPassivePort + PASSIVE_PORTS - 1;
    }

    /** A fresh folder as the server names it. */
    String newRoot() throws IOException {
        String root = "/" + UUID.randomUUID();
        container.exec("install", "-d", "-o", USER, "/data" + root);
        return root;
    }

    void exec(String... command) throws IOException {
        container.exec(command);
    }

    void restart() throws IOException {
        container.restart();
        container.awaitBanner(port, "220");
    }

    StorageSpec.Ftp endpoint(FtpSecurity security, String root) {
        return endpoint(security, "127.0.0.1", port(security), root, FtpPassiveMode.EPSV);
    }

    StorageSpec.Ftp endpoint(FtpSecurity security, String host, int port, String root, FtpPassiveMode mode) {
        return new StorageSpec.Ftp(
                security, host, port, USER, Secret.of(PASSWORD), root, Optional.of(authority), mode, 4);
    }

    static FtpDriver driver(StorageSpec.Ftp endpoint) throws IOException {
        return new FtpDriver(endpoint, () -> PASSWORD, TIMEOUTS, InetAddress::getAllByName);
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
