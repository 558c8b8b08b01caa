package dev.holdfast.core.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.SftpHostTrust;
import dev.holdfast.core.storage.SftpLogin;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.dropbox.DropboxDriver;
import dev.holdfast.core.storage.ftp.FtpDriver;
import dev.holdfast.core.storage.sftp.SftpDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
    @TempDir
    Path root;

    @Test
    void opensALocalFolder() throws Exception {
        StorageSpec spec = new StorageSpec.Local(root.resolve("x/.."));
        assertThat(spec.describe()).isEqualTo("local folder " + root);
        try (StorageDriver driver = Providers.open(spec)) {
            driver.put(new ObjectKey("a/b"), Body.of(new byte[] {'x'}), PutMode.REPLACE);
        }
        assertThat(root.resolve("a/b")).hasContent("x");
    }

    @Test
    void makesNoFolder() {
        assertThatThrownBy(() -> Providers.open(new StorageSpec.Local(root.resolve("missing"))))
                .isInstanceOf(StorageException.Rejected.class);
        assertThat(root.resolve("missing")).doesNotExist();
    }

    @Test
    void aRelativeFolderIsRefused() {
        assertThatThrownBy(() -> new StorageSpec.Local(Path.of("backups")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absolute");
    }

    @Test
    void anSftpServerIsOpenedWithoutAConnectionAndDescribedWithoutSecrets() throws Exception {
        SftpHostTrust trust = new SftpHostTrust.Fingerprint("SHA256:" + "A".repeat(43) + "=");
        StorageSpec spec =
                new StorageSpec.Sftp("nas", "backup", new SftpLogin.Password(Secret.of("hunter2")), trust, "backups/");
        assertThat(spec.describe()).isEqualTo("SFTP backup@nas backups/");
        assertThat(spec.toString()).doesNotContain("hunter2");
        try (StorageDriver driver = Providers.open(spec)) {
            assertThat(driver).isInstanceOf(SftpDriver.class);
        }
    }

    @Test
    void anSftpServerIsNeverTrustedByLessThanASha256Fingerprint() {
        for (String weak : List.of("", "*", "SHA1:FghNYu1l/HyE/qWbdQ2mkxrd0rU", "SHA256:", "4b:69:6c:72:6f:79:20:77")) {
            assertThatThrownBy(() -> new SftpHostTrust.Fingerprint(weak))
                    .as(weak)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anSftpHostIsANameOrAnAddress() {
        SftpHostTrust trust = new SftpHostTrust.KnownHosts(Path.of("known_hosts"));
        SftpLogin login = new SftpLogin.Password(Secret.of("x"));
        for (String host : List.of("", "a b", "[::1]", "user@nas", "nas/folder")) {
            assertThatThrownBy(() -> new StorageSpec.Sftp(host, "backup", login, trust, "."))
                    .as(host)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new StorageSpec.Sftp("::1", 2222, "backup", login, trust, ".", 4).describe())
                .isEqualTo("SFTP backup@::1 port 2222 .");
    }

    @Test
    void anFtpServerIsOpenedWithoutAConnectionAndDescribedWithoutSecrets() throws Exception {
        StorageSpec spec = new StorageSpec.Ftp(FtpSecurity.IMPLICIT_TLS, "nas", "backup", Secret.of("hunter2"), ".");
        assertThat(spec.describe()).isEqualTo("FTPS backup@nas .");
        assertThat(spec.toString()).doesNotContain("hunter2").contains("port=990");
        try (StorageDriver driver = Providers.open(spec)) {
            assertThat(driver).isInstanceOf(FtpDriver.class);
        }
        assertThat(new StorageSpec.Ftp(FtpSecurity.PLAIN, "::1", "backup", Secret.of("x"), "/a").describe())
                .isEqualTo("FTP in the clear backup@::1 /a");
    }

    @Test
    void nothingOfAnFtpLoginCanBecomeACommand() {
        for (String text : List.of("a\rb", "a\nDELE b", "a\0b")) {
            assertThatThrownBy(() -> ftp("nas", text, "x", ".")).hasMessageContaining("user");
            assertThatThrownBy(() -> ftp("nas", "user", text, "."))
                    .hasMessageContaining("password")
                    .hasMessageNotContaining(text);
            assertThatThrownBy(() -> ftp("nas", "user", "x", text)).hasMessageContaining("root");
            assertThatThrownBy(() -> ftp(text, "user", "x", ".")).hasMessageContaining("host");
        }
    }

    @Test
    void dropboxIsOpenedWithoutAConnectionAndDescribedWithoutSecrets() throws Exception {
        StorageSpec spec = dropbox("abc", "hunter2", "Backups/app/");
        assertThat(spec.describe()).isEqualTo("Dropbox app abc folder /Backups/app");
        assertThat(spec.toString()).doesNotContain("hunter2");
        try (StorageDriver driver = Providers.open(spec)) {
            assertThat(driver).isInstanceOf(DropboxDriver.class);
        }
        assertThat(dropbox("abc", "x", "/").describe()).isEqualTo("Dropbox app abc folder /");
        for (String root : List.of("/a/../b", "..", "/a//b", "a\\b", "/a\n")) {
            assertThatThrownBy(() -> dropbox("abc", "x", root)).as(root).hasMessageContaining("root");
        }
        assertThatThrownBy(() -> dropbox("a b", "x", "")).hasMessageContaining("app key");
        assertThatThrownBy(() -> dropbox("abc", "hunter\r\nX: y", ""))
                .hasMessageContaining("refresh token")
                .hasMessageNotContaining("hunter");
    }

    private static StorageSpec dropbox(String appKey, String token, String root) {
        return new StorageSpec.Dropbox(appKey, Optional.of(Secret.of("hunter2")), Secret.of(token), root);
    }

    private static StorageSpec ftp(String host, String user, String password, String root) {
        return new StorageSpec.Ftp(FtpSecurity.EXPLICIT_TLS, host, user, Secret.of(password), root);
    }
}
