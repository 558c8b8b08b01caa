package dev.holdfast.core.storage.dropbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageOptions;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.StoredObject;
import dev.holdfast.core.storage.Time;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Dropbox refuses, and what the driver makes of it. */
@Timeout(60)
class DropboxRefusalsTest {
    private static final String UPLOAD = "/2/files/upload";
    private static final String START = "/2/files/upload_session/start";
    private static final String APPEND = "/2/files/upload_session/append_v2";
    private static final String FINISH = "/2/files/upload_session/finish";
    private static final String STAT = "/2/files/get_metadata";
    private static final String TOKEN = "/oauth2/token";
    private static final ObjectKey KEY = new ObjectKey("a/object");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private StandInDropbox server;
    private DropboxDriver driver;

    @BeforeEach
    void start() throws Exception {
        server = new StandInDropbox();
        driver = open(DropboxDriverTest.spec(""));
    }

    private DropboxDriver open(StorageSpec.Dropbox spec) {
        DropboxDriver other =
                new DropboxDriver(spec, new DropboxHttp(uri -> StandInDropbox.routed(uri, server.address())));
        opened.add(other);
        return other;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.close();
    }

    private void put(String text) throws Exception {
        driver.put(KEY, Body.of(text.getBytes(UTF_8)), PutMode.REPLACE);
    }

    private String text() throws Exception {
        try (InputStream in = driver.get(KEY, ByteRange.ALL).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static Body streamed(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return new Body() {
            @Override
            public long bytes() {
                return bytes;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }

    // ---- login

    @Test
    void oneTokenServesManyCalls() throws Exception {
        put("1");
        put("2");
        assertThat(text()).isEqualTo("2");
        assertThat(server.requests).filteredOn(TOKEN::equals).hasSize(1);
    }

    @Test
    void aTokenThatEndedIsRenewedInEveryVerb() throws Exception {
        put("1");
        List<ThrowingCallable> verbs = List.of(
                () -> put("2"),
                () -> text(),
                () -> driver.stat(KEY),
                () -> driver.list("", Optional.empty()),
                () -> driver.put(KEY, streamed(DropboxUpload.PART_BYTES + 1), PutMode.REPLACE),
                () -> driver.delete(KEY));
        for (ThrowingCallable verb : verbs) {
            server.expireTokens();
            org.assertj.core.api.Assertions.assertThatCode(verb).doesNotThrowAnyException();
        }
        assertThat(server.requests).filteredOn(TOKEN::equals).hasSize(1 + verbs.size());
    }

    @Test
    void aTokenThatEndsWithinAnUploadSessionIsRenewedThere() throws Exception {
        server.refuseNext(APPEND, Refused.token("expired_access_token"));
        server.refuseNext(FINISH, Refused.token("expired_access_token"));
        driver.put(KEY, streamed(3 * DropboxUpload.PART_BYTES), PutMode.IF_ABSENT);
        assertThat(driver.stat(KEY).orElseThrow().bytes()).isEqualTo(3L * DropboxUpload.PART_BYTES);
        assertThat(server.requests).filteredOn(START::equals).hasSize(1);
    }

    @Test
    void aTokenThatEndsSoonIsRenewedBeforeItsEnd() throws Exception {
        server.tokenSeconds = 200; // less than the five minutes that are kept free
        put("1");
        put("2");
        assertThat(server.requests).filteredOn(TOKEN::equals).hasSizeGreaterThan(1);
        assertThat(server.requests).filteredOn(UPLOAD::equals).hasSize(2);
    }

    @Test
    void anAppWithoutASecretRenewsByItsKeyAlone() throws Exception {
        server.publicApp = true;
        DropboxDriver other = open(spec(StandInDropbox.APP_KEY, Optional.empty(), StandInDropbox.REFRESH_TOKEN));
        other.put(KEY, Body.of(new byte[3]), PutMode.REPLACE);
        assertThat(other.stat(KEY)).isPresent();
    }

    private static StorageSpec.Dropbox spec(String key, Optional<String> secret, String token) {
        return new StorageSpec.Dropbox(key, secret.map(Secret::of), Secret.of(token), "");
    }

    @Test
    void aWrongLoginIsDeniedInClearWordsWithoutItsSecrets() {
        denied(spec(StandInDropbox.APP_KEY, Optional.of("wrong-secret"), StandInDropbox.REFRESH_TOKEN), "app key");
        denied(spec("otherapp", Optional.of(StandInDropbox.APP_SECRET), StandInDropbox.REFRESH_TOKEN), "app key");
        denied(spec(StandInDropbox.APP_KEY, Optional.empty(), StandInDropbox.REFRESH_TOKEN), "needs its secret");
        denied(
                spec(StandInDropbox.APP_KEY, Optional.of(StandInDropbox.APP_SECRET), "wrong-token"),
                "refresh token is not accepted");
    }

    private void denied(StorageSpec.Dropbox spec, String words) {
        DropboxDriver stranger = open(spec);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> stranger.put(KEY, Body.of(new byte[3]), PutMode.REPLACE),
                () -> stranger.get(KEY, ByteRange.ALL),
                () -> stranger.stat(KEY),
                () -> stranger.list("", Optional.empty()),
                () -> stranger.delete(KEY))) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageException.Denied.class)
                    .hasMessageContaining(words)
                    .satisfies(e -> assertThat(stackTrace(e))
                            .doesNotContain(spec.refreshToken().reveal())
                            .doesNotContain("wrong-secret")
                            .doesNotContain(StandInDropbox.APP_SECRET));
        }
    }

    private static String stackTrace(Throwable e) {
        java.io.StringWriter text = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }

    @Test
    void aRevokedLoginIsDenied() throws Exception {
        put("1");
        server.revoke();
        assertThatThrownBy(() -> put("2"))
                .isInstanceOf(StorageException.Denied.class)
                .hasMessageContaining("log in again");
    }

    @Test
    void aMissingPermissionIsNamed() {
        server.missingScope = Optional.of("files.content.write");
        assertThatThrownBy(() -> put("x"))
                .isInstanceOf(StorageException.Denied.class)
                .hasMessageContaining("files.content.write")
                .hasMessageContaining("app console");
    }

    @Test
    void aBusyLoginIsUnavailable() {
        server.refuseNext(TOKEN, new Refused(503, Map.of("Content-Type", "text/html"), "<html>oops</html>"));
        assertThatThrownBy(() -> put("x")).isInstanceOf(StorageException.Unavailable.class);
    }

    // ---- the root

    @Test
    void aMissingRootIsNamedByEveryVerbAndNeverMade() {
        DropboxDriver lost = open(DropboxDriverTest.spec("/not/there"));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> lost.put(KEY, Body.of(new byte[3]), PutMode.REPLACE),
                () -> lost.put(KEY, Body.of(new byte[3]), PutMode.IF_ABSENT),
                () -> lost.get(KEY, ByteRange.ALL),
                () -> lost.stat(KEY),
                () -> lost.list("", Optional.empty()),
                () -> lost.delete(KEY))) {
            rejected(Reason.NO_ROOT, "/not/there", call);
        }
        assertThat(server.files.find("/not/there")).isEmpty();
    }

    @Test
    void aRootThatVanishesIsNotAnEmptyStorage() throws Exception {
        server.files.makeFolder("/root");
        DropboxDriver other = open(DropboxDriverTest.spec("root/"));
        other.put(KEY, Body.of(new byte[3]), PutMode.REPLACE);
        server.files.remove("/root");
        rejected(Reason.NO_ROOT, "/root", () -> other.stat(KEY));
        rejected(Reason.NO_ROOT, "/root", () -> other.get(KEY, ByteRange.ALL));
        rejected(Reason.NO_ROOT, "/root", () -> other.list("a/", Optional.empty()));
    }

    @Test
    void whatLiesBesideTheRootIsNotSeen() throws Exception {
        server.files.makeFolder("/root");
        put("beside");
        DropboxDriver inner = open(DropboxDriverTest.spec("/ROOT"));
        inner.put(new ObjectKey("x"), Body.of(new byte[3]), PutMode.REPLACE);
        assertThat(inner.list("", Optional.empty()).items())
                .extracting(o -> o.key().text())
                .containsExactly("x");
        assertThat(driver.list("", Optional.empty()).items())
                .extracting(o -> o.key().text())
                .containsExactly("a/object", "root/x");
    }

    private static void rejected(Reason reason, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(words);
    }

    // ---- rates and space

    @ParameterizedTest
    @CsvSource({"too_many_requests,7", "too_many_write_operations,300"})
    void aRateLimitTellsHowLongToWait(String reason, int seconds) {
        for (String route : List.of(UPLOAD, STAT, "/2/files/download", "/2/files/list_folder", TOKEN)) {
            server.refuseNext(route, Refused.tooMany(reason, seconds));
        }
        // the first refusal is the login's, each later one that of its own route
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> driver.stat(KEY),
                () -> put("x"),
                () -> driver.stat(KEY),
                () -> driver.get(KEY, ByteRange.ALL),
                () -> driver.list("", Optional.empty()))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StorageException.Unavailable.class,
                            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(seconds)))
                    .hasMessageContaining(reason)
                    .hasMessageContaining(seconds + " s");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 429})
    void aServerInTroubleIsUnavailableWhateverItsPage(int status) {
        server.refuseNext(UPLOAD, new Refused(status, Map.of("Content-Type", "text/html"), "<html>trouble</html>"));
        assertThatThrownBy(() -> put("x"))
                .isInstanceOfSatisfying(
                        StorageException.Unavailable.class,
                        e -> assertThat(e.retryAfter()).isEmpty());
        assertThat(server.requests).filteredOn(UPLOAD::equals).hasSize(1);
    }

    @Test
    void tooManyWritesOfACommitAreUnavailable() {
        server.refuseNext(
                UPLOAD,
                Refused.route(
                        "path/too_many_write_operations",
                        "{\".tag\":\"path\",\"reason\":{\".tag\":\"too_many_write_operations\"},\"upload_session_id\":\"s\"}"));
        server.refuseNext(FINISH, Refused.route("too_many_write_operations"));
        assertThatThrownBy(() -> put("x")).isInstanceOf(StorageException.Unavailable.class);
        assertThatThrownBy(() -> driver.put(KEY, streamed(DropboxUpload.PART_BYTES + 1), PutMode.REPLACE))
                .isInstanceOf(StorageException.Unavailable.class);
    }

    @Test
    void aFullAccountIsNamed() throws Exception {
        put("old");
        server.files.quotaBytes = 1_000;
        rejected(Reason.FULL, "full", () -> driver.put(KEY, Body.of(new byte[2_000]), PutMode.REPLACE));
        rejected(Reason.FULL, "full", () -> driver.put(KEY, streamed(DropboxUpload.PART_BYTES + 1), PutMode.REPLACE));
        assertThat(text()).isEqualTo("old");
    }

    // ---- uploads

    @Test
    void sizesGoTheirWay() throws Exception {
        server.routes.maxUploadBytes = DropboxUpload.PART_BYTES; // no request of a stream is larger
        int part = DropboxUpload.PART_BYTES;
        for (int bytes : List.of(0, 1, part, part + 1, 2 * part, 2 * part + 1)) {
            driver.put(new ObjectKey("s" + bytes), streamed(bytes), PutMode.REPLACE);
            assertThat(driver.stat(new ObjectKey("s" + bytes)).orElseThrow().bytes())
                    .isEqualTo(bytes);
        }
        assertThat(server.requests).filteredOn(UPLOAD::equals).hasSize(3);
        assertThat(server.requests).filteredOn(START::equals).hasSize(3);
        assertThat(server.requests).filteredOn(APPEND::equals).hasSize(1);
        assertThat(server.requests).filteredOn(FINISH::equals).hasSize(3);
    }

    @Test
    void aRequestThatIsTooLargeIsRejected() {
        server.routes.maxUploadBytes = 100;
        rejected(Reason.INVALID, "PAYLOAD_TOO_LARGE", () -> driver.put(KEY, Body.of(new byte[101]), PutMode.REPLACE));
        assertThat((long) DropboxUpload.SINGLE_BYTES).isLessThan(150_000_000L);
    }

    @Test
    void aSessionThatLostBytesIsUnavailable() throws Exception {
        put("old");
        String offset = "{\".tag\":\"incorrect_offset\",\"correct_offset\":3}";
        server.refuseNext(APPEND, Refused.route("incorrect_offset", offset));
        server.refuseNext(
                FINISH,
                Refused.route(
                        "lookup_failed/incorrect_offset",
                        "{\".tag\":\"lookup_failed\",\"lookup_failed\":" + offset + "}"));
        server.refuseNext(FINISH, Refused.route("lookup_failed/not_found"));
        for (int parts : List.of(3, 2, 2)) {
            assertThatThrownBy(() -> driver.put(KEY, streamed(parts * DropboxUpload.PART_BYTES), PutMode.REPLACE))
                    .isInstanceOf(StorageException.Unavailable.class)
                    .hasMessageContaining("upload session");
        }
        assertThat(text()).isEqualTo("old");
    }

    @Test
    void aLargeUploadNeverReplacesWhatCameMeanwhile() throws Exception {
        Body slow = new Body() {
            @Override
            public long bytes() {
                return DropboxUpload.PART_BYTES + 1;
            }

            @Override
            public InputStream open() throws java.io.IOException {
                driver.put(KEY, Body.of(new byte[] {'m'}), PutMode.REPLACE); // after the look before the upload
                return new ByteArrayInputStream(new byte[DropboxUpload.PART_BYTES + 1]);
            }
        };
        rejected(Reason.EXISTS, "exists", () -> driver.put(KEY, slow, PutMode.IF_ABSENT));
        assertThat(text()).isEqualTo("m");
    }

    @Test
    void theSameBytesAgainAreNotAbsentEither() throws Exception {
        put("same");
        rejected(Reason.EXISTS, "exists", () -> driver.put(KEY, Body.of("same".getBytes(UTF_8)), PutMode.IF_ABSENT));
    }

    @Test
    void bytesThatChangeOnTheWayAreCorrupt() throws Exception {
        put("old");
        server.refuseNext(UPLOAD, Refused.route("content_hash_mismatch"));
        server.refuseNext(START, Refused.route("content_hash_mismatch"));
        assertThatThrownBy(() -> put("new")).isInstanceOf(StorageException.Corrupt.class);
        assertThatThrownBy(() -> driver.put(KEY, streamed(DropboxUpload.PART_BYTES + 1), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class);
        assertThat(text()).isEqualTo("old");
    }

    @Test
    void whatDropboxSaysItHasIsCompared() {
        Refused wrong = new Refused(
                200,
                Map.of("Content-Type", "application/json"),
                server.files
                        .metadata(
                                "/a/object",
                                new StandInFiles.Entry(
                                        "object",
                                        Optional.of(new byte[] {'n', 'e', 'W'}),
                                        "5e0000001",
                                        java.time.Instant.EPOCH))
                        .toString());
        server.refuseNext(UPLOAD, wrong);
        assertThatThrownBy(() -> put("new"))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("hash");
    }

    // ---- downloads and listings

    @Test
    void aRangeThatIsIgnoredIsNeverTakenForTheObject() throws Exception {
        put("0123456789");
        server.ignoresRanges = true;
        assertThatThrownBy(() -> driver.get(KEY, new ByteRange(3, 4)))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("range");
        try (InputStream in = driver.get(KEY, new ByteRange(0, 4)).orElseThrow()) {
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("0123");
        }
        try (InputStream in = driver.get(KEY, new ByteRange(10, 4)).orElseThrow()) {
            assertThat(in.readAllBytes()).isEmpty();
        }
    }

    @Test
    void aListingThatWasInvalidatedIsUnavailableAndThenWhole() throws Exception {
        for (int i = 0; i < 2_001; i++) {
            server.files.commit(new StandInFiles.Commit("/p/" + i, "add", false, true), new byte[1]);
        }
        server.refuseNext("/2/files/list_folder/continue", Refused.route("reset"));
        assertThatThrownBy(() -> driver.list("", Optional.empty())).isInstanceOf(StorageException.Unavailable.class);
        assertThat(driver.list("", Optional.empty()).items()).hasSize(2_001);
    }

    @Test
    void filesOfOthersAreNotListed() throws Exception {
        put("ours");
        for (String path : List.of("/Report.pdf", "/a/Caf\u00e9", "/a/100%", "/a/%41%4a", "/a/%4A", "/a/b.c ~")) {
            server.files.commit(new StandInFiles.Commit(path, "add", false, true), new byte[1]);
        }
        assertThat(driver.list("", Optional.empty()).items())
                .extracting(StoredObject::key)
                .extracting(ObjectKey::text)
                .containsExactlyInAnyOrder("a/AJ", "a/J", "a/object", "report.pdf");
    }

    @Test
    void aFolderIsNeverDeletedNorAFileThatChangedMeanwhile() throws Exception {
        put("1");
        driver.delete(new ObjectKey("a"));
        assertThat(text()).isEqualTo("1");
        server.refuseNext("/2/files/delete_v2", Refused.route("path_write/conflict/file"));
        assertThatThrownBy(() -> driver.delete(KEY)).isInstanceOf(StorageException.Unavailable.class);
        server.refuseNext("/2/files/delete_v2", Refused.route("path_lookup/not_found"));
        driver.delete(KEY);
    }

    @Test
    void aListingTellsWhatHappenedLast() throws Exception {
        for (String prefix : List.of("", "a/", "a/x")) {
            server.refuseNext("/2/files/list_folder", page(true, file("/a/x", 1), file("/b", 1), file("/c", 1)));
            server.refuseNext(
                    "/2/files/list_folder/continue",
                    page(false, tagged("deleted", "/a"), file("/b", 2), tagged("folder", "/c"), file("/c/d", 3)));
            server.files.makeFolder("/a");
            assertThat(driver.list(prefix, Optional.empty()).items())
                    .extracting(o -> o.key() + " " + o.bytes())
                    .isEqualTo(prefix.isEmpty() ? List.of("b 2", "c/d 3") : List.of());
        }
    }

    private static Refused page(boolean more, String... entries) {
        return new Refused(
                200,
                Map.of("Content-Type", "application/json"),
                "{\"entries\":[" + String.join(",", entries) + "],\"cursor\":\"c\",\"has_more\":" + more + "}");
    }

    private String file(String path, int bytes) {
        return server.files
                .metadata(
                        path,
                        new StandInFiles.Entry(
                                path.substring(path.lastIndexOf('/') + 1),
                                Optional.of(new byte[bytes]),
                                "5e0000001",
                                java.time.Instant.EPOCH))
                .toString();
    }

    private static String tagged(String tag, String path) {
        return "{\".tag\":\"" + tag + "\",\"name\":\"" + path.substring(1) + "\",\"id\":\"id:1\",\"path_lower\":\""
                + path + "\",\"path_display\":\"" + path + "\"}";
    }

    @Test
    void aTokenThatDropboxQuotesIsNotRepeated() {
        server.refuseNext(
                STAT,
                Refused.badRequest(
                        "Invalid authorization value in HTTP header \"Authorization\": \"Bearer sl.secret-token\""));
        assertThatThrownBy(() -> driver.stat(KEY))
                .isInstanceOf(StorageException.Denied.class)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret-token"));
    }

    @Test
    void aStorageWaitsAsLongAsDropboxAsks() throws Exception {
        List<Duration> slept = new ArrayList<>();
        Time time = new Time() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) {
                slept.add(duration);
            }
        };
        Storage storage = new Storage(driver, StorageOptions.DEFAULT, time, new Random(1));
        server.refuseNext(UPLOAD, Refused.tooMany("too_many_write_operations", 17));
        storage.put(KEY, Body.of("x".getBytes(UTF_8)), PutMode.IF_ABSENT);
        server.refuseNext(STAT, Refused.tooMany("too_many_requests", 23));
        assertThat(storage.stat(KEY)).isPresent();
        assertThat(slept).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(23));
    }

    // ---- the stand-in itself

    @Test
    void theStandInRefusesWhatIsMalformed() throws Exception {
        put("x"); // a token exists
        assertThat(StandInFiles.fault("/a//b")).contains("malformed_path");
        assertThat(StandInFiles.fault("/a/" + "x".repeat(256))).contains("malformed_path");
        assertThat(StandInFiles.fault("/Desktop.INI")).contains("disallowed_name");
        String tooMany = "{\"path\":\"\",\"recursive\":true,\"limit\":2001}";
        assertThatThrownBy(() -> server.routes.call("/2/files/list_folder", StandInFiles.JSON.readTree(tooMany)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("limit");
        assertThatThrownBy(() -> server.routes.call(STAT, StandInFiles.JSON.readTree("{\"path\":\"/a\",\"x\":1}")))
                .hasMessageContaining("unknown field");
        assertThat(raw("Dropbox-API-Arg", "{\"path\":\"/\u00e9\"}", "application/octet-stream"))
                .contains("not in ASCII");
        assertThat(raw("X-Other", "x", "application/octet-stream")).contains("Dropbox-API-Arg");
        assertThat(raw("Dropbox-API-Arg", "{\"path\":\"/e\"}", "application/json"))
                .contains("Content-Type");
    }

    private String raw(String header, String value, String type) throws Exception {
        String basic = java.util.Base64.getEncoder()
                .encodeToString((StandInDropbox.APP_KEY + ":" + StandInDropbox.APP_SECRET).getBytes(UTF_8));
        String token = StandInFiles.JSON
                .readTree(exchange(
                        TOKEN,
                        "api.dropboxapi.com",
                        "Authorization: Basic " + basic,
                        "grant_type=refresh_token&refresh_token=" + StandInDropbox.REFRESH_TOKEN))
                .path("access_token")
                .asText();
        return exchange(
                UPLOAD,
                "content.dropboxapi.com",
                "Authorization: Bearer " + token + "\r\nContent-Type: " + type + "\r\n" + header + ": " + value,
                "content");
    }

    private String exchange(String route, String host, String headers, String body) throws Exception {
        try (java.net.Socket socket = new java.net.Socket(
                server.address().getAddress(), server.address().getPort())) {
            String request =
                    "POST " + route + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: "
                            + body.length() + "\r\n" + headers + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
