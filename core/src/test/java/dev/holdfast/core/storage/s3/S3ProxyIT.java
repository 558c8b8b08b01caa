package dev.holdfast.core.storage.s3;

import dev.holdfast.core.storage.S3Vendor;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract against s3proxy, as a server of which nothing more is known than that it speaks S3. */
class S3ProxyIT extends S3Contract {
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        int port = ServerProcess.freePort();
        Path folder = Files.createDirectories(Path.of("target/servers"));
        Path config = folder.resolve("s3proxy-" + port + ".properties");
        Files.writeString(config, """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                s3proxy.v4-max-non-chunked-request-size=134217728
                jclouds.provider=transient-nio2
                """.formatted(port, KEY_ID, SECRET));
        Path logging = folder.resolve("s3proxy-logback.xml");
        Files.writeString(logging, "<configuration><root level=\"WARN\"/></configuration>");
        server = ServerProcess.java(
                "s3proxy",
                port,
                List.of(
                        "-Dlogback.configurationFile=" + logging.toAbsolutePath(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        config.toString()));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    S3Vendor vendor() {
        return S3Vendor.GENERIC;
    }

    @Override
    InetSocketAddress server() {
        return server.address();
    }

    @Override
    boolean checksSignatures() {
        return true;
    }

    /** Its store is a tree of files: it answers status 500. */
    @Override
    protected boolean decidesOnObjectsBelowObjects() {
        return false;
    }
}
