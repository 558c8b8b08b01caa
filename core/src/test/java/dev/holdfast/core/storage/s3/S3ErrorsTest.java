package dev.holdfast.core.storage.s3;

import static dev.holdfast.core.storage.s3.CannedServer.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.s3.CannedServer.Answer;
import dev.holdfast.core.storage.s3.CannedServer.Request;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each failure is called, by the answers that the vendors document. */
class S3ErrorsTest {
    private static final ObjectKey KEY = new ObjectKey("app/packs/one");
    private static final String SECRET = "wJalrXUtnFEMI-K7MDENG-the-secret";
    private static final String TOKEN = "FwoGZXIvYXdzE-the-session-token";

    private CannedServer server;
    private S3Driver driver;

    @BeforeEach
    void start() throws IOException {
        server = new CannedServer(error(500, "InternalError", "We encountered an internal error.", ""));
        driver = driver("http://127.0.0.1:" + server.address().getPort());
    }

    @AfterEach
    void stop() {
        driver.close();
        server.close();
    }

    private static S3Driver driver(String endpoint) {
        return driver(endpoint, Clock.systemUTC());
    }

    private static S3Driver driver(String endpoint, Clock clock) {
        StorageSpec.S3 spec = new StorageSpec.S3(
                S3Vendor.AWS,
                S3Vendor.Place.ofRegion("eu-west-1").withEndpoint(URI.create(endpoint)),
                "backups-of-app",
                Optional.empty(),
                "AKIAIOSFODNN7EXAMPLE",
                Secret.of(SECRET),
                Optional.of(Secret.of(TOKEN)),
                Optional.empty());
        assertThat(spec.toString()).doesNotContain(SECRET).doesNotContain(TOKEN);
        return new S3Driver(spec, clock);
    }

    @Test
    void anExpiredTokenAsksForFreshCredentials() {
        server.answer(error(400, "ExpiredToken", "The provided token has expired.", ""));
        everyVerb(StorageException.Denied.class, "session token has expired; give fresh credentials");
    }

    @Test
    void clockSkewSaysTheDifference() {
        server.answer(error(403, "RequestTimeTooSkewed", "The difference is too large.", ""));
        String endpoint = "http://127.0.0.1:" + server.address().getPort();
        try (S3Driver fast = driver(endpoint, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(1030)));
                S3Driver slow = driver(endpoint, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-1030)))) {
            for (ThrowingCallable verb : verbs(fast)) {
                clean(verb, StorageException.Denied.class, "clock is 103");
                clean(verb, StorageException.Denied.class, "seconds ahead of the server's; set the clock (by NTP)");
            }
            assertThatThrownBy(() -> slow.delete(KEY))
                    .isInstanceOf(StorageException.Denied.class)
                    .hasMessageMatching(".*clock is 10[23][0-9] seconds behind the server's; set the clock.*");
        }
    }

    @Test
    void aMissingBucketIsNamed() {
        server.answer(error(404, "NoSuchBucket", "The specified bucket does not exist", ""));
        rejected(Reason.NO_ROOT, "bucket backups-of-app", "does not exist");
    }

    @Test
    void aMissingObjectIsNoFailure() throws IOException {
        server.answer(error(404, "NoSuchKey", "The specified key does not exist.", ""));
        assertThat(driver.get(KEY, ByteRange.ALL)).isEmpty();
        assertThat(driver.stat(KEY)).isEmpty();
        driver.delete(KEY);
    }

    @Test
    void slowDownIsWorthARetry() {
        server.answer(error(503, "SlowDown", "Please reduce your request rate.", ""));
        everyVerb(StorageException.Unavailable.class, "SlowDown Please reduce your request rate");
        assertThat(server.requests()).as("the SDK repeats nothing by itself").hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void theWrongRegionNamesTheRightOne() {
        for (Answer each : List.of(
                error(
                        400,
                        "AuthorizationHeaderMalformed",
                        "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'eu-central-1'",
                        "<Region>eu-central-1</Region>"),
                error(
                                301,
                                "PermanentRedirect",
                                "The bucket you are attempting to access must be addressed using the specified endpoint.",
                                "<Endpoint>backups-of-app.s3-eu-central-1.amazonaws.com</Endpoint>")
                        .withHeader("x-amz-bucket-region", "eu-central-1"))) {
            server.answer(each);
            rejected(Reason.NO_ROOT, "the bucket is in region eu-central-1, requests go to eu-west-1");
        }
    }

    @Test
    void aWrongSecretIsSaid() {
        server.answer(error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match", ""));
        everyVerb(StorageException.Denied.class, "secret key does not belong to access key id AKIAIOSFODNN7EXAMPLE");
    }

    @Test
    void anUnknownKeyIsSaid() {
        server.answer(error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist", ""));
        everyVerb(StorageException.Denied.class, "access key id AKIAIOSFODNN7EXAMPLE is unknown there");
    }

    @Test
    void aMissingPermissionIsNamed() {
        server.answer(error(403, "AccessDenied", "Access Denied", ""));
        denied("lacks the permission s3:PutObject;", () -> driver.put(KEY, body(), PutMode.REPLACE));
        denied("lacks the permission s3:GetObject;", () -> driver.get(KEY, ByteRange.ALL));
        denied("lacks the permission s3:GetObject (and s3:ListBucket", () -> driver.stat(KEY));
        denied("lacks the permission s3:ListBucket;", () -> driver.list("", Optional.empty()));
        denied("lacks the permission s3:DeleteObject;", () -> driver.delete(KEY));

        server.answer(error(
                403,
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/x is not authorized to perform: s3:PutObjectRetention on resource: y",
                ""));
        denied("lacks the permission s3:PutObjectRetention;", () -> driver.put(KEY, body(), PutMode.REPLACE));
    }

    @Test
    void aLockedObjectIsRejected() {
        server.answer(error(403, "AccessDenied", "Access Denied because object protected by object lock.", ""));
        rejectedBy(Reason.LOCKED, () -> driver.delete(KEY), "locked until its retention ends");
    }

    @Test
    void aFullStorageIsRejected() {
        for (Answer each : List.of(
                error(507, "XMinioStorageFull", "Storage backend has reached its minimum free drive threshold.", ""),
                error(403, "QuotaExceeded", "", ""),
                error(403, "AccessDenied", "Cannot upload files, storage cap exceeded.", ""))) {
            server.answer(each);
            rejectedBy(Reason.FULL, () -> driver.put(KEY, body(), PutMode.REPLACE), "full or its quota is used up");
        }
    }

    @Test
    void anObjectThatExistsIsRejected() {
        server.answer(error(412, "PreconditionFailed", "At least one of the pre-conditions did not hold", ""));
        rejectedBy(Reason.EXISTS, () -> driver.put(KEY, body(), PutMode.IF_ABSENT), "exists and is not replaced");
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().getFirst().header("If-None-Match")).isEqualTo("*");
    }

    @Test
    void aConflictOfTwoConditionalPutsMayBeRepeated() {
        server.answer(error(409, "ConditionalRequestConflict", "conflict", ""));
        assertThatThrownBy(() -> driver.put(KEY, body(), PutMode.IF_ABSENT))
                .isInstanceOf(StorageException.Unavailable.class);
    }

    @Test
    void aWrongChecksumIsCorrupt() {
        server.answer(error(400, "BadDigest", "The SHA256 you specified did not match what we received.", ""));
        assertThatThrownBy(() -> driver.put(KEY, body(), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("changed on the way");
    }

    @Test
    void anotherKindOfServerIsRecognized() {
        server.answer(new Answer(404, Map.of(), "<html>not found</html>"));
        rejected(Reason.NO_ROOT, "check endpoint and bucket");
        server.answer(new Answer(200, Map.of(), "hello"));
        assertThatThrownBy(() -> driver.list("", Optional.empty()))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("does not answer as an S3 server");
    }

    @Test
    void nobodyListening() throws IOException {
        int port = ServerProcess.freePort();
        try (S3Driver nowhere = driver("http://127.0.0.1:" + port)) {
            unavailable(nowhere, "no connection to http://127.0.0.1:" + port);
        }
    }

    @Test
    void aNameThatDoesNotResolve() {
        try (S3Driver nowhere = driver("https://storage.invalid")) {
            unavailable(nowhere, "storage.invalid cannot be resolved; check region or endpoint, and DNS");
        }
    }

    @Test
    void tlsWhereThereIsNone() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (ServerSocket plain = new ServerSocket(0);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                S3Driver nowhere = driver("https://127.0.0.1:" + plain.getLocalPort())) {
            Future<Integer> firstByte = threads.submit(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    int first = socket.getInputStream().read();
                    seen.await();
                    return first;
                }
            });
            try {
                assertThatThrownBy(() -> nowhere.list("", Optional.empty()))
                        .isInstanceOf(StorageException.Denied.class)
                        .hasMessageContaining("no trusted TLS connection to https://127.0.0.1:");
            } finally {
                seen.countDown();
            }
            assertThat(firstByte.get()).as("a TLS handshake").isEqualTo(22);
        }
    }

    @Test
    void aRangeThatIsIgnoredIsCorrupt() {
        server.answer(new Answer(200, Map.of(), "0123456789"));
        assertThatThrownBy(() -> driver.get(KEY, new ByteRange(4, 2))).isInstanceOf(StorageException.Corrupt.class);
    }

    @Test
    void nothingOfTheMachinesOwnCredentialsIsSent() throws IOException {
        Map<String, String> machine = Map.of(
                "aws.accessKeyId",
                "AKIAMACHINE",
                "aws.secretAccessKey",
                "machine",
                "aws.endpointUrl",
                "http://127.0.0.1:9");
        machine.forEach(System::setProperty);
        try (S3Driver own = driver("http://127.0.0.1:" + server.address().getPort())) {
            server.answer(new Answer(200, Map.of(), ""));
            own.put(KEY, body(), PutMode.REPLACE);
        } finally {
            machine.keySet().forEach(System::clearProperty);
        }
        Request put = server.requests().getLast();
        assertThat(put.header("Authorization")).contains("Credential=AKIAIOSFODNN7EXAMPLE/");
        assertThat(put.header("x-amz-security-token")).isEqualTo(TOKEN);
        assertThat(put.header("x-amz-checksum-sha256")).isEqualTo("A5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=");
        assertThat(put.header("Content-Encoding")).isEmpty();
        assertThat(put.header("x-amz-trailer")).isEmpty();
        assertThat(put.header("Content-Length")).isEqualTo("3");
    }

    private static Body body() {
        return Body.of(new byte[] {1, 2, 3});
    }

    private List<ThrowingCallable> verbs(S3Driver of) {
        return List.of(
                () -> of.put(KEY, body(), PutMode.REPLACE),
                () -> of.get(KEY, ByteRange.ALL),
                () -> of.stat(KEY),
                () -> of.list("app/", Optional.empty()),
                () -> of.delete(KEY));
    }

    private void everyVerb(Class<? extends StorageException> kind, String message) {
        for (ThrowingCallable verb : verbs(driver)) {
            clean(verb, kind, message);
        }
    }

    private void unavailable(S3Driver of, String message) {
        for (ThrowingCallable verb : verbs(of)) {
            clean(verb, StorageException.Unavailable.class, message);
        }
    }

    private void rejected(Reason reason, String... messages) {
        for (ThrowingCallable verb : verbs(driver)) {
            rejectedBy(reason, verb, messages);
        }
    }

    private static void rejectedBy(Reason reason, ThrowingCallable verb, String... messages) {
        assertThatThrownBy(verb)
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(messages)
                .hasMessageNotContainingAny(SECRET, TOKEN);
    }

    private static void denied(String message, ThrowingCallable verb) {
        clean(verb, StorageException.Denied.class, message);
    }

    private static void clean(ThrowingCallable verb, Class<? extends StorageException> kind, String message) {
        assertThatThrownBy(verb)
                .isInstanceOf(kind)
                .hasMessageContaining(message)
                .hasMessageNotContainingAny(SECRET, TOKEN)
                .hasStackTraceContaining(kind.getSimpleName());
    }
}
