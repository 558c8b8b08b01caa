package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.StorageEntry;
import dev.holdfast.shim.host.Storages;
import dev.holdfast.shim.login.Browser;
import dev.holdfast.shim.login.LoginFailedException;
import dev.holdfast.shim.login.LoginType;
import dev.holdfast.shim.login.StandInOAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StorageLoginTest {
    private static final Map<String, String> GIVEN = Map.of("app-key", StandInOAuth.CLIENT, "root", "/backups");

    @TempDir
    Path folder;

    private StandInOAuth server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        server = new StandInOAuth(false);
        browser = new Browser(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Storages storages() throws IOException {
        HostHome home = HostHome.of(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString()), "nobody", folder, new SecureRandom());
        return Storages.of(home, Map.of("APP_SECRET", "from-the-environment"));
    }

    private void login(String name, Map<String, String> given, Map<String, String> secrets) throws IOException {
        new StorageLogin(storages(), server.at(LoginType.DROPBOX), browser.keyboard(), browser.screen())
                .run(name, given, secrets);
    }

    @Test
    void aLoginAddsAStorageWithASealedToken() throws Exception {
        login("box", GIVEN, Map.of());

        StorageEntry entry = storages().entry("box");
        assertThat(entry.type()).isEqualTo("dropbox");
        assertThat(entry.settings()).isEqualTo(GIVEN);
        String kept = entry.secrets().getOrDefault("refresh-token", "");
        assertThat(kept).startsWith("sealed:");
        assertThat(storages().reveal("box", "refresh-token", kept)).isEqualTo(Secret.of(StandInOAuth.TOKEN));
        assertThat(Files.readString(folder.resolve("home/storages.json"))).doesNotContain(StandInOAuth.TOKEN);
        assertThat(browser.text()).contains("storage box is logged in").doesNotContain(StandInOAuth.TOKEN);
        storages().open(java.util.Optional.of("box")).close();
    }

    @Test
    void aLoginIsRenewedAndTheOtherSettingsStay() throws Exception {
        Storages storages = storages();
        storages.put(
                "box",
                new StorageEntry(
                        "dropbox",
                        GIVEN,
                        Map.of(
                                "app-secret",
                                "env:APP_SECRET",
                                "refresh-token",
                                storages.seal("box", "refresh-token", Secret.of("the-old-token")))));
        login("box", Map.of("root", "/other"), Map.of());

        StorageEntry entry = storages().entry("box");
        assertThat(entry.settings()).isEqualTo(Map.of("app-key", StandInOAuth.CLIENT, "root", "/other"));
        assertThat(entry.secrets()).containsOnlyKeys("refresh-token"); // a login with PKCE needs no secret
        assertThat(storages().reveal("box", "refresh-token", entry.secrets().getOrDefault("refresh-token", "")))
                .isEqualTo(Secret.of(StandInOAuth.TOKEN));
    }

    @Test
    void aLoginToGoogleIsAnsweredAtTheLoopback() throws Exception {
        try (StandInOAuth google = new StandInOAuth(true)) {
            Browser user = new Browser(google);
            Storages storages = storages();
            String secret = storages.seal("drive", "client-secret", Secret.of(StandInOAuth.SECRET));
            new StorageLogin(storages, google.at(LoginType.GDRIVE), browser.keyboard(), user.screen())
                    .run("drive", Map.of("client-id", StandInOAuth.CLIENT), Map.of("client-secret", secret));

            StorageEntry entry = storages().entry("drive");
            assertThat(entry.type()).isEqualTo("gdrive");
            assertThat(entry.secrets()).containsOnlyKeys("client-secret", "refresh-token");
            assertThat(storages()
                            .reveal("drive", "refresh-token", entry.secrets().getOrDefault("refresh-token", "")))
                    .isEqualTo(Secret.of(StandInOAuth.TOKEN));
            assertThat(user.failures()).isEmpty();
            assertThat(user.text()).doesNotContain(StandInOAuth.TOKEN).doesNotContain(StandInOAuth.SECRET);
            storages().open(java.util.Optional.of("drive")).close();
        }
    }

    @Test
    void aLoginThatFailsChangesNothing() throws Exception {
        server.make(StandInOAuth.Trouble.NO_REFRESH_TOKEN);
        assertThatThrownBy(() -> login("box", GIVEN, Map.of())).isInstanceOf(LoginFailedException.class);
        assertThat(storages().entries()).isEmpty();
    }

    @Test
    void whatCannotBeSavedIsSaidBeforeTheBrowserIsOpened() throws Exception {
        storages().put("nas", new StorageEntry("local", Map.of("path", "/mnt"), Map.of()));
        wrongUse("is of type local", () -> login("nas", GIVEN, Map.of()));
        wrongUse("app-key", () -> login("box", Map.of(), Map.of()));
        wrongUse("no setting", () -> login("box", Map.of("app-key", StandInOAuth.CLIENT, "bucket", "x"), Map.of()));
        wrongUse("root", () -> login("box", Map.of("app-key", StandInOAuth.CLIENT, "root", "/../x"), Map.of()));
        wrongUse("leave it out", () -> login("box", GIVEN, Map.of("refresh-token", "env:X")));
        wrongUse("a storage's name", () -> login("../box", GIVEN, Map.of()));
        assertThat(browser.text()).isEmpty();
        assertThat(storages().entries()).containsOnlyKeys("nas");
    }

    private static void wrongUse(String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(words);
    }
}
