package dev.holdfast.core.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.StorageSpec;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The contract against moto, with the row of AWS: SHA-256 checksums, conditional puts, Object Lock. */
class MotoIT extends S3Contract {
    private static final String IMAGE = "holdfast-test/moto:1";
    private static final String CONTAINER = "hf-s3-moto-" + UUID.randomUUID();
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                run("docker", "image", "inspect", IMAGE) == 0,
                "the image " + IMAGE + " is not here: build it as localstack/README.md says");
        int port = ServerProcess.freePort();
        server = ServerProcess.start(
                "moto",
                port,
                List.of(
                        "docker",
                        "run",
                        "--rm",
                        "--init",
                        "--network",
                        "host",
                        "--name",
                        CONTAINER,
                        "--env",
                        "PORT=" + port,
                        IMAGE));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
            run("docker", "rm", "--force", CONTAINER);
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** One request only: moto 5.2.4 forgets the lock of an upload in parts (S3RequestsTest sees it sent). */
    @ParameterizedTest
    @EnumSource(ObjectLock.Mode.class)
    void aNewObjectIsLockedForTheDaysAsked(ObjectLock.Mode mode) throws Exception {
        String locked = "hf-locked-" + UUID.randomUUID();
        Instant now = Instant.now();
        StorageSpec.S3 own = settings(server(), locked, SECRET);
        StorageSpec.S3 settings = new StorageSpec.S3(
                own.vendor(),
                own.place(),
                locked,
                own.prefix(),
                KEY_ID,
                own.secretKey(),
                Optional.empty(),
                Optional.of(new ObjectLock(mode, 30)));
        try (SdkHttpClient http = S3Clients.http();
                S3Client client = S3Clients.client(own, http);
                S3Driver driver = new S3Driver(settings, Clock.fixed(now, ZoneOffset.UTC))) {
            client.createBucket(b -> b.bucket(locked).objectLockEnabledForBucket(true));
            driver.put(key("pack"), Body.of(new byte[10]), PutMode.IF_ABSENT);

            HeadObjectResponse held = client.headObject(h -> h.bucket(locked).key("pack"));
            assertThat(held.objectLockModeAsString()).isEqualTo(mode.name());
            assertThat(held.objectLockRetainUntilDate())
                    .isEqualTo(now.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS));
        }
    }

    @Override
    S3Vendor vendor() {
        return S3Vendor.AWS;
    }

    @Override
    InetSocketAddress server() {
        return server.address();
    }

    @Override
    boolean checksSignatures() {
        return false;
    }

    /** Moto 5.2.4 closes the buffer of an object that is replaced while another request reads it: status 500. */
    @Override
    protected boolean standsConcurrentUseOfOneKey() {
        return false;
    }

    @Override
    boolean verifiesChecksums() {
        return false;
    }
}
