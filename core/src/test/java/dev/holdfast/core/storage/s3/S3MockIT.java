package dev.holdfast.core.storage.s3;

import dev.holdfast.core.storage.S3Vendor;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract against S3Mock, which is strict about checksums and conditions, with the row of MinIO. */
class S3MockIT extends S3Contract {
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        int port = ServerProcess.freePort();
        server = ServerProcess.java(
                "s3mock",
                port,
                List.of("com.adobe.testing.s3mock.S3MockApplication", "--server.port=0", "--http.port=" + port));
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
}
