package dev.holdfast.core.storage.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract against S3Mock, which is strict about checksums and conditions, with the row of MinIO. */
class S3MockIT extends S3Contract {
    private static ServerProcess server;
    private static int tlsPort;

    @BeforeAll
    static void start() throws Exception {
        int port = ServerProcess.freePort();
        tlsPort = ServerProcess.freePort();
        server = ServerProcess.java(
                "s3mock",
                port,
                List.of(
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--server.port=" + tlsPort,
                        "--http.port=" + port));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    S3Vendor vendor() {
        return S3Vendor.MINIO;
    }

    @Override
    InetSocketAddress server() {
        return server.address();
    }

    @Override
    boolean checksSignatures() {
        return false;
    }

    /** It looks before it writes, without a lock: of 8 puts at once two were seen to win. */
    @Override
    protected boolean supportsIfAbsentAtomically() {
        return false;
    }

    @Override
    protected int manyKeys() {
        return 1_200; // two pages: it takes some 50 ms for each put
    }

    @Test
    void aCertificateNobodySignedIsNotTrusted() throws Exception {
        StorageSpec.S3 own = settings(server(), "hf-tls", SECRET);
        StorageSpec.S3 encrypted = new StorageSpec.S3(
                own.vendor(),
                S3Vendor.Place.ofEndpoint(URI.create("https://127.0.0.1:" + tlsPort)),
                own.bucket(),
                Optional.empty(),
                KEY_ID,
                own.secretKey(),
                Optional.empty(),
                Optional.empty());
        try (S3Driver stranger = driver(encrypted)) {
            assertThatThrownBy(() -> stranger.list("", Optional.empty()))
                    .isInstanceOf(StorageException.Denied.class)
                    .hasMessageContaining("no trusted TLS connection")
                    .hasMessageContaining("check the endpoint and its certificate");
        }
    }
}
