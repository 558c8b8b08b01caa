package dev.holdfast.core.storage.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.DroppingProxy;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.SftpHostTrust;
import dev.holdfast.core.storage.SftpLogin;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver against OpenSSH. */
class SftpDriverIT extends StorageContract {
    private static SftpServer server;

    @TempDir
    private Path folder;

    private Optional<String> root = Optional.empty();

    @BeforeAll
    static void startServer() throws IOException {
        server = SftpServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private String root() throws IOException {
        if (root.isEmpty()) {
            root = Optional.of(server.newRoot());
        }
        return root.get();
    }

    @Override
    protected StorageDriver open() throws Exception {
        return new SftpDriver(server.site(root()));
    }

    @Override
    protected Optional<InetSocketAddress> endpoint() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    }

    @Override
    protected StorageDriver openThrough(DroppingProxy proxy) throws Exception {
        return new SftpDriver(new StorageSpec.Sftp(
                proxy.address().getHostString(),
                proxy.address().getPort(),
                SftpServer.USER,
                server.password(),
                server.pin(),
                root(),
                4));
    }

    @Override
    protected boolean restartsServer() {
        return true;
    }

    @Override
    protected void restartServer() throws Exception {
        server.restart();
    }

    // ---- where and how

    private StorageSpec.Sftp site(String host, SftpLogin login, SftpHostTrust trust) throws IOException {
        return new StorageSpec.Sftp(host, server.port(), SftpServer.USER, login, trust, root(), 4);
    }

    private StorageDriver with(SftpLogin login) throws IOException {
        return closedLater(new SftpDriver(site("127.0.0.1", login, server.pin())));
    }

    private StorageDriver with(SftpHostTrust trust) throws IOException {
        return closedLater(new SftpDriver(site("127.0.0.1", server.password(), trust)));
    }

    private static void works(StorageDriver driver) throws IOException {
        byte[] content = random(100_000, 1);
        driver.put(key("works"), Body.of(content), PutMode.REPLACE);
        try (InputStream in = driver.get(key("works"), ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    private static String denied(StorageDriver driver) {
        Throwable thrown = catchThrowable(() -> driver.stat(key("x")));
        assertThat(thrown).isInstanceOf(StorageException.Denied.class);
        return String.valueOf(thrown.getMessage());
    }

    @Test
    void itConnectsOverIpv6() throws Exception {
        works(closedLater(new SftpDriver(site("::1", server.password(), server.pin()))));
    }

    @Test
    void aServerThatDoesNotListenIsUnavailable() throws Exception {
        StorageDriver nobody = closedLater(new SftpDriver(
                new StorageSpec.Sftp("127.0.0.1", 1, SftpServer.USER, server.password(), server.pin(), root(), 4)));
        assertThatThrownBy(() -> nobody.stat(key("x")))
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("127.0.0.1 port 1");
    }

    // ---- the server's key

    @Test
    void anyOfTheServersKeysCanBePinned() throws Exception {
        works(with(new SftpHostTrust.Fingerprint(server.fingerprint("ed25519"))));
        works(with(new SftpHostTrust.Fingerprint(server.fingerprint("rsa"))));
    }

    @Test
    void anotherKeyThanThePinnedOneIsDenied() throws Exception {
        String other = "SHA256:" + "A".repeat(43);
        assertThat(denied(with(new SftpHostTrust.Fingerprint(other))))
                .contains("expected " + other)
                .contains("got " + server.fingerprint("ed25519"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa"})
    void aKnownHostIsTrustedByAnyOfItsKeys(String type) throws Exception {
        works(with(knownHosts("[127.0.0.1]:" + server.port() + " " + server.hostKey(type))));
        works(with(knownHosts("127.0.0.* " + server.hostKey(type))));
    }

    @Test
    void aHashedNameIsKnown() throws Exception {
        String line = "[127.0.0.1]:" + server.port() + " " + server.hostKey("ed25519");
        String hashed = server.exec(
                "sh",
                "-c",
                "printf '%s\\n' \"$1\" > /tmp/known && ssh-keygen -q -H -f /tmp/known > /dev/null 2>&1; cat /tmp/known",
                "sh",
                line);
        assertThat(hashed).startsWith("|1|");
        works(with(knownHosts(hashed)));
    }

    @Test
    void aChangedKeyIsDeniedWithBothFingerprints() throws Exception {
        String other =
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ"; // RFC 8032, test 1
        assertThat(denied(with(knownHosts("[127.0.0.1]:" + server.port() + " " + other))))
                .contains("has changed")
                .contains("expected SHA256:")
                .contains("got " + server.fingerprint("ed25519"));
    }

    @Test
    void anUnknownHostIsDenied() throws Exception {
        assertThat(denied(with(knownHosts("elsewhere " + server.hostKey("ed25519")))))
                .contains("no key for 127.0.0.1 port " + server.port())
                .contains(server.fingerprint("ed25519"));
        assertThat(denied(with(new SftpHostTrust.KnownHosts(folder.resolve("missing")))))
                .contains("cannot be read");
        assertThat(denied(with(knownHosts("nonsense")))).contains("line 1");
    }

    @Test
    void aRevokedKeyAndACertificateAuthorityAreDenied() throws Exception {
        String key = server.hostKey("ed25519");
        assertThat(denied(with(knownHosts("127.0.0.1 " + key + "\n@revoked * " + key))))
                .contains("is revoked");
        assertThat(denied(with(knownHosts("@cert-authority 127.0.0.1 " + key))))
                .contains("@cert-authority")
                .contains("not supported");
    }

    private SftpHostTrust knownHosts(String content) throws IOException {
        Path file = Files.createTempFile(folder, "known", "hosts");
        Files.writeString(file, content + "\n");
        return new SftpHostTrust.KnownHosts(file);
    }

    // ---- our login

    @Test
    void aWrongPasswordIsDeniedAndNotTold() throws Exception {
        assertThat(denied(with(new SftpLogin.Password(Secret.of("not-the-password")))))
                .contains("refused the login of backup")
                .doesNotContain("not-the-password");
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519, RFC4716, ''",
        "ed25519, RFC4716, phrase",
        "rsa, RFC4716, phrase",
        "rsa, PEM, ''",
        "rsa, PEM, phrase",
        "rsa, PKCS8, ''",
        "rsa, PKCS8, phrase",
        "ecdsa, RFC4716, phrase"
    })
    void keysOfEveryKindLogIn(String type, String format, String phrase) throws Exception {
        String text = newKey(type, format, phrase);
        Optional<Secret> passphrase = phrase.isEmpty() ? Optional.empty() : Optional.of(Secret.of(phrase));

        works(with(new SftpLogin.KeyText(Secret.of(text), passphrase)));
        works(with(new SftpLogin.KeyFile(Files.writeString(folder.resolve("key"), text), passphrase)));
        if (!phrase.isEmpty()) {
            assertThat(denied(with(new SftpLogin.KeyText(Secret.of(text), Optional.of(Secret.of("wrong-phrase"))))))
                    .contains("wrong passphrase")
                    .doesNotContain("wrong-phrase");
            assertThat(denied(with(new SftpLogin.KeyText(Secret.of(text), Optional.empty()))))
                    .contains("needs a passphrase");
        }
    }

    @Test
    void aKeyTheServerDoesNotKnowIsDenied() throws Exception {
        String text = newKey("ed25519", "RFC4716", "");
        server.asUser("sh", "-c", ": > /home/backup/.ssh/authorized_keys");
        assertThat(denied(with(new SftpLogin.KeyText(Secret.of(text), Optional.empty()))))
                .contains("check the user and the key");
    }

    @Test
    void whatIsNoKeyIsDeniedAndNotTold() throws Exception {
        assertThat(denied(with(
                        new SftpLogin.KeyText(Secret.of("-----BEGIN RSA PRIVATE KEY-----\nsecret"), Optional.empty()))))
                .doesNotContain("secret");
        assertThat(denied(with(new SftpLogin.KeyFile(folder.resolve("missing"), Optional.empty()))))
                .contains("cannot be read");
    }

    private static String newKey(String type, String format, String phrase) throws IOException {
        return server.asUser(
                "sh",
                "-c",
                "rm -f /tmp/id /tmp/id.pub && ssh-keygen -q -t \"$1\" -m \"$2\" -N \"$3\" -f /tmp/id"
                        + " && cat /tmp/id.pub > /home/backup/.ssh/authorized_keys && cat /tmp/id",
                "sh",
                type,
                format,
                phrase);
    }

    // ---- what the server refuses

    private StorageDriver at(String path) throws IOException {
        return closedLater(new SftpDriver(server.site(path)));
    }

    private static void rejected(Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aMissingRootIsNeverTakenForAnEmptyStorage() throws Exception {
        put("file", "x");
        for (String path : List.of(root() + "/missing", root() + "/file", root() + "/missing/deeper")) {
            StorageDriver nowhere = at(path);
            rejected(Reason.NO_ROOT, () -> nowhere.put(key("a"), Body.of(new byte[1]), PutMode.REPLACE));
            rejected(Reason.NO_ROOT, () -> nowhere.put(key("a/b"), Body.of(new byte[1]), PutMode.IF_ABSENT));
            rejected(Reason.NO_ROOT, () -> nowhere.get(key("a"), ByteRange.ALL));
            rejected(Reason.NO_ROOT, () -> nowhere.stat(key("a")));
            rejected(Reason.NO_ROOT, () -> nowhere.delete(key("a")));
            rejected(Reason.NO_ROOT, () -> nowhere.list("", Optional.empty()));
            rejected(Reason.NO_ROOT, () -> nowhere.list("a/b", Optional.empty()));
        }
        assertThat(keys("")).containsExactly("file");
    }

    @Test
    void aRootThatVanishesIsNoticed() throws Exception {
        put("a/b", "x");
        server.asUser("mv", root(), root() + "-away");
        rejected(Reason.NO_ROOT, () -> driver().stat(key("a/b")));
        rejected(Reason.NO_ROOT, () -> put("a/b", "y"));
        server.asUser("mv", root() + "-away", root());
        assertThat(text("a/b")).isEqualTo("x");
    }

    @Test
    void aFolderThatVanishesIsMadeAgain() throws Exception {
        put("a/b/c", "x");
        server.asUser("rm", "-r", root() + "/a", root() + "/" + SftpDriver.PARTS_FOLDER);
        put("a/b/c", "y");
        assertThat(text("a/b/c")).isEqualTo("y");
    }

    @Test
    void whatIsNotPermittedIsDenied() throws Exception {
        StorageDriver foreign = at("/etc");
        assertThatThrownBy(() -> foreign.put(key("a"), Body.of(new byte[1]), PutMode.REPLACE))
                .isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> foreign.get(key("shadow"), ByteRange.ALL)).isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> foreign.delete(key("passwd"))).isInstanceOf(StorageException.Denied.class);
        assertThatThrownBy(() -> at("/root").list("", Optional.empty())).isInstanceOf(StorageException.Denied.class);
        assertThat(foreign.capabilities()).isEmpty();
    }

    @Test
    void aFullDiskIsRejectedAsFullAndLeavesNothing() throws Exception {
        server.exec("chmod", "1777", "/full"); // a restart mounts it anew, without its mode
        StorageDriver full = at("/full");
        full.put(key("a/one"), Body.of(random(10_000_000, 1)), PutMode.REPLACE);
        for (int i = 0; i < 2; i++) {
            rejected(Reason.FULL, () -> full.put(key("a/two"), Body.of(random(20_000_000, 2)), PutMode.REPLACE));
            rejected(Reason.FULL, () -> full.put(key("a/one"), Body.of(random(20_000_000, 2)), PutMode.REPLACE));
        }
        assertThat(full.list("", Optional.empty()).items()).hasSize(1);
        assertThat(server.exec("find", "/full", "-type", "f").strip()).isEqualTo("/full/a/one");
        try (InputStream in = full.get(key("a/one"), ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(random(10_000_000, 1));
        }
        full.put(key("a/three"), Body.of(random(10_000_000, 3)), PutMode.REPLACE);
    }

    @Test
    void aFileThatShrinksWhileItIsReadIsCorrupt() throws Exception {
        byte[] content = random(20_000_000, 1);
        driver().put(key("shrinks"), Body.of(content), PutMode.REPLACE);
        try (InputStream in = driver().get(key("shrinks"), ByteRange.ALL).orElseThrow()) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
            server.asUser("truncate", "-s", "15000000", root() + "/shrinks");
            assertThatThrownBy(in::readAllBytes).isInstanceOf(StorageException.Corrupt.class);
        }
    }

    // ---- parts

    @Test
    void partsAreRemovedHiddenAndReserved() throws Exception {
        String parts = root() + "/" + SftpDriver.PARTS_FOLDER;
        put("a", "x");
        assertThat(catchThrowable(() -> driver().put(key("a"), new Streamed(new byte[5], 9), PutMode.REPLACE)))
                .isInstanceOf(StorageException.Corrupt.class);
        assertThat(server.asUser("ls", "-A", parts)).isEmpty();

        server.asUser(
                "sh",
                "-c",
                "echo > " + parts + "/young; echo > " + parts + "/old; touch -d '8 days ago' " + parts + "/old");
        assertThat(keys("")).containsExactly("a");
        assertThat(keys(SftpDriver.PARTS_FOLDER)).isEmpty();
        assertThat(keys(SftpDriver.PARTS_FOLDER + "/")).isEmpty();
        closedLater(open()).put(key("b"), Body.of("x".getBytes(UTF_8)), PutMode.REPLACE);
        assertThat(server.asUser("ls", "-A", parts).strip()).isEqualTo("young");

        rejected(Reason.INVALID, () -> put(SftpDriver.PARTS_FOLDER + "/young", "x"));
        rejected(Reason.INVALID, () -> put(SftpDriver.PARTS_FOLDER, "x"));
    }

    @Test
    void aListingNeverLeavesTheRoot() throws Exception {
        put("a/b", "x");
        String name = root().substring(root().lastIndexOf('/') + 1);
        for (String prefix : List.of("../", "../" + name + "/", "a/../", "./", "/", "//", "a//", "/etc/")) {
            assertThat(keys(prefix)).as(prefix).isEmpty();
        }
        server.asUser("ln", "-s", "..", root() + "/a/circle");
        server.asUser("ln", "-s", "/etc", root() + "/etc");
        assertThat(keys("")).containsExactly("a/b");
    }

    @Test
    void ifAbsentIsPromisedWhereLinksAreRefusedTwice() throws Exception {
        assertThat(driver().capabilities()).containsExactly(Capability.IF_ABSENT);
        assertThat(server.asUser("ls", "-A", root() + "/" + SftpDriver.PARTS_FOLDER))
                .isEmpty();
    }
}
