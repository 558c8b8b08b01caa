package dev.holdfast.core.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.DroppingProxy;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.S3Vendor.Place;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract against one S3 server, in a fresh bucket for each test, and what only S3 has. */
abstract class S3Contract extends StorageContract {
    static final String KEY_ID = "local-id";
    static final String SECRET = "local-secret-key-of-the-tests";

    private final String bucket = "hf-" + UUID.randomUUID();
    private boolean made;

    abstract S3Vendor vendor();

    abstract InetSocketAddress server();

    /** Whether the server checks signatures. */
    abstract boolean checksSignatures();

    /** Whether the server refuses bytes that do not have the checksum sent with them. */
    boolean verifiesChecksums() {
        return true;
    }

    @Override
    protected final StorageDriver open() {
        if (!made) {
            makeBucket();
            made = true;
        }
        return driver(settings(server(), bucket, SECRET));
    }

    private void makeBucket() {
        try (SdkHttpClient http = S3Clients.http();
                S3Client client = S3Clients.client(settings(server(), bucket, SECRET), http)) {
            client.createBucket(b -> b.bucket(bucket));
        }
    }

    @Override
    protected final Optional<InetSocketAddress> endpoint() {
        return Optional.of(server());
    }

    @Override
    protected final StorageDriver openThrough(DroppingProxy proxy) {
        return driver(settings(proxy.address(), bucket, SECRET));
    }

    @Override
    protected int manyKeys() {
        return 2_500; // three pages
    }

    @Test
    void aBodyLargerThanOneRequestGoesInParts() throws Exception {
        byte[] content = random((int) S3Driver.SINGLE_PUT_BYTES + 5_000_001, 7);
        driver().put(key("streamed"), new Streamed(content, content.length), PutMode.REPLACE);
        assertThat(bytes("streamed")).isEqualTo(content);

        byte[] inside = new byte[content.length + 20];
        System.arraycopy(content, 0, inside, 10, content.length);
        driver().put(key("memory"), Body.of(inside, 10, content.length), PutMode.IF_ABSENT);
        assertThat(bytes("memory")).isEqualTo(content);
        assertThatThrownBy(() -> driver().put(key("memory"), Body.of(inside), PutMode.IF_ABSENT))
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.EXISTS));
    }

    @Test
    void aLargeBodyThatFailsLeavesNoPartsBehind() throws Exception {
        DumpBroke broke = new DumpBroke();
        long announced = S3Driver.SINGLE_PUT_BYTES + 20_000_000;
        assertThatThrownBy(() -> driver().put(key("broken"), new Broken(announced, 50_000_000, broke), PutMode.REPLACE))
                .isSameAs(broke);
        assertThat(driver().stat(key("broken"))).isEmpty();
        try (SdkHttpClient http = S3Clients.http();
                S3Client client = S3Clients.client(settings(server(), bucket, SECRET), http)) {
            assertThat(client.listMultipartUploads(l -> l.bucket(bucket)).uploads())
                    .isEmpty();
        }
    }

    @Test
    void aMissingBucketIsNamedByEveryVerb() {
        String missing = "hf-missing-" + UUID.randomUUID();
        try (S3Driver nowhere = driver(settings(server(), missing, SECRET))) {
            noRoot(missing, () -> nowhere.put(key("a"), Body.of(new byte[3]), PutMode.REPLACE));
            noRoot(missing, () -> nowhere.put(key("a"), Body.of(new byte[3]), PutMode.IF_ABSENT));
            noRoot(missing, () -> nowhere.get(key("a"), ByteRange.ALL));
            noRoot(missing, () -> nowhere.stat(key("a")));
            noRoot(missing, () -> nowhere.list("", Optional.empty()));
        }
    }

    private static void noRoot(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.NO_ROOT))
                .hasMessageContaining(name)
                .hasMessageContaining("does not exist");
    }

    @Test
    void aWrongSecretIsDeniedByEveryVerb() {
        assumeTrue(checksSignatures(), "this server does not check signatures");
        String wrong = "not-the-secret-of-this-key";
        try (S3Driver stranger = driver(settings(server(), bucket, wrong))) {
            denied(wrong, () -> stranger.put(key("a"), Body.of(new byte[3]), PutMode.REPLACE));
            denied(wrong, () -> stranger.get(key("a"), ByteRange.ALL));
            denied(wrong, () -> stranger.stat(key("a")));
            denied(wrong, () -> stranger.list("", Optional.empty()));
            denied(wrong, () -> stranger.delete(key("a")));
        }
    }

    private static void denied(String secret, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(StorageException.Denied.class)
                .hasMessageContaining("secret key does not belong to access key id " + KEY_ID)
                .hasMessageNotContaining(secret);
    }

    @Test
    void bytesThatChangeOnTheWayAreRefused() {
        assumeTrue(verifiesChecksums(), "this server accepts a wrong checksum");
        // the body gives other bytes the second time, as a faulty wire would
        assertThatThrownBy(() -> driver().put(key("changed"), new Changing(), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class);
    }

    @Test
    void whatLiesBesideThePrefixIsNotSeen() throws Exception {
        StorageSpec.S3 whole = settings(server(), bucket, SECRET);
        StorageSpec.S3 below = new StorageSpec.S3(
                whole.vendor(),
                whole.place(),
                bucket,
                Optional.of(new ObjectKey("pre fix/app")),
                KEY_ID,
                whole.secretKey(),
                Optional.empty(),
                Optional.empty());
        put("pre fix/apple", "beside");
        put("inside", "above");
        try (S3Driver app = driver(below)) {
            assertThat(app.stat(key("inside"))).isEmpty();
            app.put(key("inside"), Body.of(new byte[3]), PutMode.IF_ABSENT);
            assertThat(app.stat(key("inside")).orElseThrow().bytes()).isEqualTo(3);
            assertThat(app.list("", Optional.empty()).items())
                    .extracting(o -> o.key().text())
                    .containsExactly("inside");
            assertThat(keys("")).containsExactly("inside", "pre fix/app/inside", "pre fix/apple");
            app.delete(key("inside"));
            assertThat(keys("")).containsExactly("inside", "pre fix/apple");
            assertThatThrownBy(() -> app.stat(key("k/".repeat(508) + "end")))
                    .hasMessageContaining("shorten the prefix");
        }
    }

    /** Other bytes at each opening. */
    private static final class Changing implements Body {
        private byte opened;

        @Override
        public long bytes() {
            return 100_000;
        }

        @Override
        public InputStream open() {
            byte[] content = new byte[100_000];
            content[77] = opened++;
            return new ByteArrayInputStream(content);
        }
    }

    final String bucket() {
        return bucket;
    }

    static S3Driver driver(StorageSpec.S3 settings) {
        return new S3Driver(settings, Clock.systemUTC());
    }

    final StorageSpec.S3 settings(InetSocketAddress at, String bucketName, String secret) {
        return new StorageSpec.S3(
                vendor(),
                place(at),
                bucketName,
                Optional.empty(),
                KEY_ID,
                Secret.of(secret),
                Optional.empty(),
                Optional.empty());
    }

    static Place place(InetSocketAddress at) {
        return Place.ofRegion("us-east-1").withEndpoint(URI.create("http://127.0.0.1:" + at.getPort()));
    }
}
