package dev.holdfast.core.storage.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.DroppingProxy;
import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract and what is FTP's own, against one server. */
abstract class FtpContract extends StorageContract {
    /** The loopback address the proxy takes: the server has the same ports on the other one. */
    private static final String PROXY_HOST = "127.0.0.2";

    private Optional<String> root = Optional.empty();

    abstract FtpServer server();

    /** The mode in which the whole contract runs. */
    abstract FtpSecurity security();

    final String root() throws IOException {
        if (root.isEmpty()) {
            root = Optional.of(server().newRoot());
        }
        return root.get();
    }

    @Override
    protected final StorageDriver open() throws Exception {
        return FtpServer.driver(server().endpoint(security(), root()));
    }

    @Override
    protected final int manyKeys() {
        return 1200;
    }

    @Override
    protected final Optional<InetSocketAddress> endpoint() {
        return Optional.of(address("127.0.0.1", server().port(security())));
    }

    /** The proxy takes the control connection and, on the same numbers, the ports for data connections. */
    @Override
    protected final StorageDriver openThrough(DroppingProxy proxy) throws Exception {
        for (int port = server().firstPassivePort(); port <= server().lastPassivePort(); port++) {
            proxy.forward(address(PROXY_HOST, port), address("127.0.0.1", port));
        }
        int control =
                proxy.forward(address(PROXY_HOST, 0), endpoint().orElseThrow()).getPort();
        return FtpServer.driver(server().endpoint(security(), PROXY_HOST, control, root(), FtpPassiveMode.EPSV));
    }

    @Override
    protected final boolean restartsServer() {
        return true;
    }

    @Override
    protected final void restartServer() throws Exception {
        server().restart();
    }

    @SuppressWarnings("AddressSelection") // an address in figures
    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    // ---- ways to connect

    /** Put, replace, get, part, list, delete, and an object of 33 MB. */
    final void works(StorageDriver driver) throws IOException {
        byte[] large = random(33_000_000, 7);
        driver.put(key("way/caf\u00e9"), Body.of(random(1000, 1)), PutMode.REPLACE);
        driver.put(key("way/caf\u00e9"), Body.of(random(2000, 2)), PutMode.REPLACE);
        driver.put(key("way/large"), Body.of(large), PutMode.IF_ABSENT);
        assertThat(content(driver, "way/caf\u00e9", ByteRange.ALL)).isEqualTo(random(2000, 2));
        assertThat(content(driver, "way/large", ByteRange.ALL)).isEqualTo(large);
        assertThat(content(driver, "way/large", new ByteRange(32_999_990, 5)))
                .isEqualTo(java.util.Arrays.copyOfRange(large, 32_999_990, 32_999_995));
        assertThat(driver.list("way/", Optional.empty()).items())
                .extracting(StoredObject::bytes)
                .containsExactly(2000L, 33_000_000L);
        driver.delete(key("way/large"));
        driver.delete(key("way/caf\u00e9"));
        assertThat(driver.list("", Optional.empty()).items()).isEmpty();
    }

    private static byte[] content(StorageDriver driver, String name, ByteRange range) throws IOException {
        try (InputStream in = driver.get(key(name), range).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    final StorageDriver connected(FtpSecurity security, String host, FtpPassiveMode mode) throws IOException {
        return closedLater(FtpServer.driver(server().endpoint(security, host, server().port(security), root(), mode)));
    }

    @Test
    void inTheClear() throws Exception {
        works(connected(FtpSecurity.PLAIN, "127.0.0.1", FtpPassiveMode.EPSV));
    }

    @Test
    void overIpv6() throws Exception {
        works(connected(security(), "::1", FtpPassiveMode.EPSV));
    }

    @Test
    void withPasv() throws Exception {
        works(connected(security(), "127.0.0.1", FtpPassiveMode.PASV));
    }

    @Test
    void pasvOverIpv6IsEpsv() throws Exception {
        StorageDriver driver = connected(FtpSecurity.EXPLICIT_TLS, "::1", FtpPassiveMode.PASV);
        driver.put(key("x"), Body.of(new byte[10]), PutMode.REPLACE);
        assertThat(content(driver, "x", ByteRange.ALL)).hasSize(10);
    }

    // ---- refusals

    @Test
    void aWrongPasswordIsDenied() throws Exception {
        StorageDriver driver = closedLater(new FtpDriver(
                server().endpoint(security(), root()), () -> "wrong", FtpServer.TIMEOUTS, InetAddress::getAllByName));
        assertThatThrownBy(() -> driver.stat(key("x")))
                .isInstanceOf(StorageException.Denied.class)
                .hasMessageContaining("check user and password")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void aMissingRootIsSaid() throws Exception {
        StorageDriver driver = closedLater(FtpServer.driver(server().endpoint(security(), "/nowhere")));
        assertThatThrownBy(() -> driver.list("", Optional.empty()))
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NO_ROOT));
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLost() throws Exception {
        server().exec("chmod", "1777", "/data" + FtpServer.SMALL_DISK); // a restart mounts it anew, without its mode
        StorageDriver driver = closedLater(FtpServer.driver(server().endpoint(security(), FtpServer.SMALL_DISK)));
        driver.put(key("a"), Body.of(random(1_000_000, 1)), PutMode.REPLACE);
        for (int i = 0; i < 2; i++) {
            Throwable thrown =
                    catchThrowable(() -> driver.put(key("a"), Body.of(random(20_000_000, 2)), PutMode.REPLACE));
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            StorageException.Rejected.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
        }
        assertThat(content(driver, "a", ByteRange.ALL)).isEqualTo(random(1_000_000, 1));
        assertThat(driver.list("", Optional.empty()).items()).hasSize(1);
        driver.put(key("b"), Body.of(random(4_000_000, 3)), PutMode.REPLACE); // the failed uploads left no litter
        assertThat(content(driver, "b", ByteRange.ALL)).isEqualTo(random(4_000_000, 3));
        driver.delete(key("a"));
        driver.delete(key("b"));
    }

    @Test
    void whatMayNotBeReadIsDeniedAndNotMissing() throws Exception {
        put("secret/object", "x");
        put("closed/object", "x");
        server().exec("chown", "root", "/data" + root() + "/secret/object", "/data" + root() + "/closed");
        server().exec("chmod", "600", "/data" + root() + "/secret/object");
        server().exec("chmod", "700", "/data" + root() + "/closed");

        assertThatThrownBy(() -> driver().get(key("secret/object"), ByteRange.ALL))
                .isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> driver().get(key("closed/object"), ByteRange.ALL))
                .isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> driver().stat(key("closed/object"))).isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> driver().list("", Optional.empty())).isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> driver().list("closed/", Optional.empty()))
                .isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> driver().delete(key("closed/object"))).isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> put("closed/other", "y")).isInstanceOf(StorageException.Denied.class);
    }

    @Test
    void uploadsInFlightHaveAFolderOfTheirOwn() throws Exception {
        server().exec("install", "-d", "-o", FtpServer.USER, "/data" + root() + "/.holdfast-parts");
        server().exec("touch", "/data" + root() + "/.holdfast-parts/left");
        assertThat(keys("")).isEmpty();
        assertThat(keys(".hold")).isEmpty();
        assertThat(keys(".holdfast-parts/")).isEmpty();
        assertThatThrownBy(() -> put(".holdfast-parts/x", "x")).isInstanceOf(StorageException.Rejected.class);
    }

    @Test
    void whatAKilledUploadLeftIsRemovedAWeekLater() throws Exception {
        String parts = "/data" + root() + "/.holdfast-parts";
        server().exec("install", "-d", "-o", FtpServer.USER, parts);
        server().exec("touch", "-d", "8 days ago", parts + "/stale");
        server().exec("touch", "-d", "6 days ago", parts + "/young");
        put("a", "x");
        server().exec("test", "!", "-e", parts + "/stale");
        server().exec("test", "-e", parts + "/young");
        server().exec("touch", "-d", "8 days ago", parts + "/stale");
        put("b", "x");
        server().exec("test", "-e", parts + "/stale"); // looked for once in the life of a driver, not at each put
    }

    @Test
    void nothingIsAtomicButWhatIsSaid() {
        assertThat(driver().capabilities()).isEqualTo(java.util.Set.<Capability>of());
    }

    @Test
    void thePoolIsBounded() throws Exception {
        driver().put(key("x"), Body.of("x".repeat(9_000_000).getBytes(StandardCharsets.US_ASCII)), PutMode.REPLACE);
        FtpTimeouts impatient = new FtpTimeouts(
                FtpServer.TIMEOUTS.connect(),
                FtpServer.TIMEOUTS.reply(),
                FtpServer.TIMEOUTS.stall(),
                java.time.Duration.ofMillis(200));
        StorageDriver driver = closedLater(new FtpDriver(
                server().endpoint(security(), root()), () -> FtpServer.PASSWORD, impatient, InetAddress::getAllByName));
        List<InputStream> open = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(driver.get(key("x"), ByteRange.ALL).orElseThrow());
        }
        assertThatThrownBy(() -> driver.stat(key("x")))
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("all 4 stayed in use");
        for (InputStream in : open) {
            in.close();
        }
        assertThat(driver.stat(key("x"))).isPresent();
    }
}
