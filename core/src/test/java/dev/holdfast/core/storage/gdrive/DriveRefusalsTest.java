package dev.holdfast.core.storage.gdrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Drive and its token server refuse, and what the driver makes of it. */
class DriveRefusalsTest extends OverStandIn {
    DriveRefusalsTest() throws IOException {}

    private static byte[] large() {
        byte[] content = new byte[3 * DriveUpload.PIECE_BYTES + 12_345];
        new Random(1).nextBytes(content);
        return content;
    }

    // ---- the login

    @Test
    void aRefusedAccessTokenIsRenewedAndNobodyNotices() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        assertThat(server.tokens.logins).hasValue(1);

        server.tokens.accessTokens.clear();
        assertThat(text(driver, "a/b")).isEqualTo("1");
        assertThat(server.tokens.logins).hasValue(2);
        server.tokens.accessTokens.clear();
        put(driver, "a/b", "2");
        assertThat(text(driver, "a/b")).isEqualTo("2");
    }

    @Test
    void aTokenRefusedInMidUploadIsRenewedForTheNextAttempt() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "old");
        server.script.refuseNext("PUT /upload/", StandInTokens.expired());
        assertThatThrownBy(() -> driver.put(key("a/b"), Body.of(large()), PutMode.REPLACE))
                .isInstanceOf(StorageException.Unavailable.class);
        assertThat(text(driver, "a/b")).isEqualTo("old");

        driver.put(key("a/b"), Body.of(large()), PutMode.REPLACE);
        assertThat(driver.stat(key("a/b")).orElseThrow().bytes()).isEqualTo(large().length);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_grant, log in again",
        "invalid_client, check them",
        "unauthorized_client, check them",
        "access_denied, log in again"
    })
    void aLoginThatNoLongerHoldsIsDeniedAndTellsNoSecret(String error, String advice) throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        server.tokens.loginError(error);
        server.tokens.accessTokens.clear();

        for (ThrowingCallable call : Stream.<ThrowingCallable>of(
                        () -> text(driver, "a/b"),
                        () -> text(host(), "a/b"),
                        () -> put(driver, "a/b", "2"),
                        () -> driver.put(key("a/b"), Body.of(large()), PutMode.REPLACE),
                        () -> driver.list("", Optional.empty()),
                        () -> driver.delete(key("a/b")))
                .toList()) {
            Throwable thrown = catchThrowable(call);
            assertThat(thrown).isInstanceOf(StorageException.Denied.class).hasMessageContaining(advice);
            for (Throwable each = thrown; each != null; each = each.getCause()) {
                assertThat(each.toString())
                        .doesNotContain(StandInTokens.LOGIN.clientSecret().reveal())
                        .doesNotContain(StandInTokens.LOGIN.refreshToken().reveal())
                        .doesNotContain("ya29");
            }
        }
        server.tokens.loginError("");
        assertThat(text(driver, "a/b")).isEqualTo("1");
    }

    @Test
    void aTokenServerThatFailsIsUnavailable() {
        server.script.refuseNext("POST /token", new Refusal(503, "backendError", "Backend Error"));
        assertThatThrownBy(() -> put(host(), "a/b", "1")).isInstanceOf(StorageException.Unavailable.class);
    }

    // ---- limits

    @ParameterizedTest
    @CsvSource({
        "403, userRateLimitExceeded",
        "403, rateLimitExceeded",
        "403, dailyLimitExceeded",
        "429, rateLimitExceeded",
        "500, backendError",
        "502, unknown",
        "503, unknown"
    })
    void tooManyRequestsAreUnavailable(int status, String reason) throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        for (String request : Stream.of("GET /drive/v3/files", "GET /download/", "PATCH /upload/", "PUT /upload/")
                .toList()) {
            server.script.refuseNext(request, new Refusal(status, reason, "Slow down", "", Map.of("Retry-After", "7")));
            assertThatThrownBy(() -> {
                        text(driver, "a/b");
                        driver.put(key("a/b"), Body.of(large()), PutMode.REPLACE);
                    })
                    .as(request)
                    .isInstanceOfSatisfying(
                            StorageException.Unavailable.class,
                            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(7)));
            assertThat(text(driver, "a/b")).isEqualTo("1");
        }
        server.script.refuseNext("GET /drive/v3/files", new Refusal(status, reason, "Slow down"));
        assertThatThrownBy(() -> driver.stat(key("a/b")))
                .isInstanceOfSatisfying(
                        StorageException.Unavailable.class,
                        e -> assertThat(e.retryAfter()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 2_000_000})
    void aFullDriveIsSaidAndTheOldObjectStays(int bytes) throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "old");
        server.drive.limitTo(500);
        for (String name : Stream.of("a/b", "a/new").toList()) {
            assertThatThrownBy(() -> driver.put(key(name), Body.of(new byte[bytes]), PutMode.REPLACE))
                    .isInstanceOfSatisfying(
                            StorageException.Rejected.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
        }
        assertThat(text(driver, "a/b")).isEqualTo("old");
        assertThat(keys(driver)).containsExactly("a/b");
    }

    @ParameterizedTest
    @CsvSource({
        "403, insufficientPermissions, scope",
        "403, appNotAuthorizedToFile, client id",
        "403, insufficientFilePermissions, Manager",
        "403, accessNotConfigured, enable it",
        "403, domainPolicy, administrators",
        "403, somethingNew, does not allow"
    })
    void whatIsForbiddenIsDeniedAndSaysWhatToDo(int status, String reason, String advice) throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        server.script.refuseNext("GET /drive/v3/files", new Refusal(status, reason, "No"));
        assertThatThrownBy(() -> driver.stat(key("a/b")))
                .isInstanceOf(StorageException.Denied.class)
                .hasMessageContaining(advice);
    }

    // ---- listings

    @Test
    void aPageTokenThatExpiredIsUnavailableAndTheListingWorksAgain() throws Exception {
        StorageDriver driver = host();
        for (int i = 0; i <= StandInDrive.MAX_PAGE; i++) {
            put(driver, "a/" + i, "x");
        }
        server.script.afterNext("GET /drive/v3/files", 3, server.drive::expirePageTokens);
        // the root, what is in it, and the first page of what is in a: the token in that answer no longer holds
        assertThatThrownBy(() -> driver.list("", Optional.empty()))
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("expired");
        assertThat(keys(driver)).hasSize(StandInDrive.MAX_PAGE + 1);
    }

    // ---- uploads

    @Test
    void aServerThatKeepsLessThanItWasSentIsSentTheRestAgain() throws Exception {
        StorageDriver driver = host();
        server.uploads.keepLittle();
        byte[] content = new byte[2_000_000];
        new Random(2).nextBytes(content);
        driver.put(key("a/b"), Body.of(content), PutMode.REPLACE);
        try (InputStream in = driver.get(key("a/b"), ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void aLargeBodyGoesInPiecesOfAMultipleOf256KiB() throws Exception {
        host().put(key("a/b"), Body.of(large()), PutMode.REPLACE);
        assertThat(DriveUpload.PIECE_BYTES % UploadSessions.UNIT_BYTES).isZero();
        assertThat(server.requests).filteredOn(r -> r.startsWith("PUT ")).hasSize(4);
        assertThat(server.requests)
                .filteredOn(r -> r.contains("uploadType=multipart"))
                .isEmpty();
    }

    @Test
    void anUploadSessionThatWasForgottenIsBegunAgain() throws Exception {
        StorageDriver driver = host();
        server.script.refuseNext("PUT /upload/", new Refusal(404, "notFound", "Upload session not found."));
        driver.put(key("a/b"), Body.of(large()), PutMode.REPLACE);
        assertThat(server.drive.named("b")).hasSize(1);
        assertThat(driver.stat(key("a/b")).orElseThrow().bytes()).isEqualTo(large().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000_000})
    void bytesThatChangedOnTheWayAreSeenAndTheNewFileIsRemoved(int bytes) throws Exception {
        StorageDriver driver = host();
        put(driver, "a/before", "1");
        server.spoilUploads();
        assertThatThrownBy(() -> driver.put(key("a/b"), Body.of(new byte[bytes]), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class);
        assertThat(server.drive.named("b")).isEmpty();
        assertThatThrownBy(() -> driver.put(key("a/before"), Body.of(new byte[bytes]), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class);
    }

    @Test
    void whatIsRemovedIsNotInTheTrash() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        driver.delete(key("a/b"));
        assertThat(server.drive.named("b")).isEmpty();
    }

    @Test
    void anAnswerThatIsNotDrivesIsCorrupt() {
        server.script.answerNextWith("<html>please log in to the hotel's network</html>");
        assertThatThrownBy(() -> host().list("", Optional.empty())).isInstanceOf(StorageException.Corrupt.class);
    }
}
