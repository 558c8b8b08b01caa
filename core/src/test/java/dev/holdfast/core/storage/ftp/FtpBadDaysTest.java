package dev.holdfast.core.storage.ftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that servers give on bad days. */
@Timeout(60)
class FtpBadDaysTest {
    private static final ObjectKey KEY = new ObjectKey("x");
    private static final FtpTimeouts TIMEOUTS = new FtpTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private ScriptedFtp server;
    private FtpDriver driver;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedFtp();
        driver = driver(FtpSecurity.PLAIN);
    }

    @AfterEach
    void stop() throws Exception {
        driver.close();
        server.close();
    }

    private FtpDriver driver(FtpSecurity security) throws IOException {
        StorageSpec.Ftp spec = new StorageSpec.Ftp(
                security,
                "127.0.0.1",
                server.port(),
                "user",
                Secret.of("the password"),
                ".",
                Optional.empty(),
                FtpPassiveMode.EPSV,
                2);
        return new FtpDriver(spec, spec.password()::reveal, TIMEOUTS, InetAddress::getAllByName);
    }

    private void put(String text) throws IOException {
        driver.put(KEY, Body.of(text.getBytes(UTF_8)), PutMode.REPLACE);
    }

    private String get() throws IOException {
        try (InputStream in = driver.get(KEY, ByteRange.ALL).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({"LIST,425 no data connection", "LIST*,426 aborted", "LIST*,451 disk trouble", "CWD,450 busy"})
    void aListingThatFailedIsNotAnEmptyOne(String command, String reply) {
        server.replies.put(command, reply);
        assertThatThrownBy(() -> driver.list("", Optional.empty())).isInstanceOf(StorageException.class);
    }

    @Test
    void allBytesWithoutTheFinalSuccessAreNoDownload() throws Exception {
        put("content");
        server.replies.put("RETR*", "426 aborted");
        assertThatThrownBy(this::get)
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("426");
    }

    @Test
    void fewerBytesThanTheSizeAreNoDownloadThoughTheServerSaysDone() throws Exception {
        put("content");
        server.replies.put("SIZE", "213 1000");
        assertThatThrownBy(this::get)
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("ended early");
    }

    @Test
    void anUploadOfAnotherSizeIsNotPublished() throws Exception {
        put("old");
        server.replies.put("SIZE", "213 2");
        assertThatThrownBy(() -> put("new content")).isInstanceOf(StorageException.Unavailable.class);
        server.replies.clear();
        assertThat(get()).isEqualTo("old");
        assertThat(server.files).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "452 no space, FULL",
        "552 over quota, FULL",
        "451 No space left on device, FULL",
        "451 Failure writing to local file., FULL",
        "501 bad name, INVALID"
    })
    void anUploadThatIsRejected(String reply, Reason reason) {
        server.replies.put("STOR*", reply);
        assertThatThrownBy(() -> put("x"))
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(server.files).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"425 no data connection", "426 cut", "451 try later", "450 busy"})
    void anUploadThatMayWorkLater(String reply) {
        server.replies.put("STOR*", reply);
        assertThatThrownBy(() -> put("x")).isInstanceOf(StorageException.class);
        assertThat(server.files).isEmpty();
    }

    @Test
    void aServerThatDoesNotRenameOntoAFileStillReplaces() throws Exception {
        put("old");
        put("new");
        assertThat(get()).isEqualTo("new");
        assertThat(server.files).hasSize(1);
    }

    @Test
    void whereSizeAndTimeAreUnknownTheListingTellsThem() throws Exception {
        put("content");
        server.replies.put("SIZE", "502 unknown");
        server.replies.put("MDTM", "502 unknown");
        assertThat(driver.stat(KEY).orElseThrow().bytes()).isEqualTo(7);
        assertThat(get()).isEqualTo("content");
        assertThat(driver.stat(new ObjectKey("y"))).isEmpty();
    }

    @Test
    void anIdleConnectionThatTimedOutIsReplacedOnce() throws Exception {
        put("content");
        server.timeOut();
        assertThat(get()).isEqualTo("content");
        server.timeOut();
        server.replies.put("SIZE", "421 closing");
        assertThatThrownBy(() -> driver.stat(KEY)).isInstanceOf(StorageException.Unavailable.class);
    }

    @Test
    void aServerWithoutTlsNeverGetsThePassword() throws Exception {
        try (FtpDriver secured = driver(FtpSecurity.EXPLICIT_TLS)) {
            assertThatThrownBy(() -> secured.stat(KEY)).isInstanceOf(StorageException.class);
        }
        assertThat(server.commands).containsExactly("AUTH TLS");
    }

    @Test
    void tooManyClientsAreNoWrongPassword() {
        server.replies.put("PASS", "530 Sorry, the maximum number of clients is reached");
        assertThatThrownBy(() -> driver.stat(KEY))
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("lower the storage's number of connections");
        server.replies.put("PASS", "530 Login incorrect.");
        assertThatThrownBy(() -> driver.stat(KEY)).isInstanceOf(StorageException.Denied.class);
    }

    @ParameterizedTest
    @CsvSource({"229 here", "229 here (|||x|)", "229 ()", "229"})
    void anAnswerThatIsNotFtpIsAnErrorOfOurs(String reply) throws Exception {
        put("content");
        server.replies.put("EPSV", reply);
        assertThatThrownBy(this::get).isInstanceOf(StorageException.class).hasMessageNotContaining("the password");
    }

    @Test
    void whatIsRefusedForThePermissionIsNotMissing() throws Exception {
        server.replies.put("SIZE", "550 Permission denied");
        assertThatThrownBy(() -> driver.stat(KEY)).isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> driver.get(KEY, ByteRange.ALL)).isInstanceOf(StorageException.Denied.class);
    }
}
