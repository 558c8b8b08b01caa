package dev.holdfast.shim.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.RepositoryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of this host that were cut, emptied or mixed up: told by name, with what to do, and never by their text. */
class DamagedHomeTest {
    private final SecureRandom random = new SecureRandom();
    private final RepositoryId repository = RepositoryId.generate(random);
    private final RepositorySecret secret = RepositorySecret.generate(random);

    @TempDir
    private Path folder = Path.of("");

    private HostHome home = HostHome.of(Map.of(), "nobody", folder, random);

    @BeforeEach
    void fill() throws IOException {
        home = HostHome.of(Map.of("HOLDFAST_HOME", folder.toString()), "nobody", folder, random);
        assertThat(home.hostKey().publicHalf()).isEqualTo(home.hostKey().publicHalf());
        home.keepSecret(repository, secret);
        SecretFile.create(
                home.identityFile(repository), X25519Identity.generate(random).secretText() + "\n");
        assertThat(home.secret(repository).map(RepositorySecret::export)).contains(secret.export());
        assertThat(home.identities()).hasSize(1);
    }

    private void assertNamed(Path file, ThrowingCallable use, String advice) throws IOException {
        String good = Files.readString(file);
        for (String bad : new String[] {"", "\n", good.substring(0, good.length() / 2), "x" + good}) {
            Files.writeString(file, bad);
            assertThatThrownBy(use)
                    .as("%s with %d bytes", file, bad.length())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(advice)
                    .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(good.strip()));
        }
        Files.writeString(file, good);
    }

    @Test
    void keysAreNamed() throws IOException {
        assertNamed(folder.resolve("host.key"), home::hostKey, "bring it back");
        assertNamed(folder.resolve("instance.key"), home::instanceKey, "bring it back");
        assertNamed(home.identityFile(repository), home::identities, "bring it back");
        assertNamed(folder.resolve("secrets").resolve(repository.hex()), () -> home.secret(repository), "init --join");
    }

    @Test
    void aSecretUnderTheKeyOfAnotherHostIsNamed() throws IOException {
        Files.delete(folder.resolve("instance.key"));
        assertThatThrownBy(() -> home.secret(repository))
                .hasMessageContaining(repository.hex())
                .hasMessageContaining("init --join");
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws IOException {
        Path key = folder.resolve("host.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(home::hostKey).hasMessageContaining("chmod 600").hasMessageContaining("host.key");
    }

    @Test
    void storagesAreNeverReadHalf() throws IOException {
        Path file = folder.resolve("storages.json");
        for (String bad : new String[] {"", "[]", "{\"default\": \"x\", \"stor", "\u0000\u0000\u0000"}) {
            Files.writeString(file, bad);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> Storages.of(home, Map.of()))
                    .as(bad)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("storages.json");
        }
    }

    @Test
    void whatWasKeptForARepositoryThatWasNotMadeIsRemoved() throws IOException {
        home.drop(repository);
        assertThat(home.secret(repository)).isEqualTo(Optional.empty());
        assertThat(home.identities()).isEmpty();
        home.drop(repository);
    }
}
