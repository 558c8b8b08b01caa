package dev.holdfast.shim.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationException;
import dev.holdfast.core.config.ConfigurationFile;
import dev.holdfast.core.config.RepositorySettings;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storages of an applied configuration, beside those that were added. */
class ConfiguredStoragesTest {
    private static final ObjectKey KEY = new ObjectKey("probe/one");

    @TempDir
    Path folder;

    private HostHome home =
            HostHome.of(Map.of("HOLDFAST_HOME", "/nowhere"), "nobody", Path.of("/"), new SecureRandom());
    private AppliedConfiguration applied = new AppliedConfiguration(home, reader());

    private static ConfigurationFile reader() {
        return new ConfigurationFile(ZoneOffset.UTC, Set.of());
    }

    @BeforeEach
    void makeHome() throws IOException {
        home = HostHome.of(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString()), "nobody", folder, new SecureRandom());
        applied = new AppliedConfiguration(home, reader());
        Files.createDirectories(folder.resolve("a"));
        Files.createDirectories(folder.resolve("b"));
    }

    private Storages storages() throws IOException {
        return Storages.of(home, Map.of());
    }

    private void apply(String storages) throws IOException {
        applied.replace(storages.replace("FOLDER", folder.toString()) + "services: {s: {sources: [discover]}}\n");
    }

    private static void mark(Storage opened) throws IOException {
        try (Storage storage = opened) {
            storage.put(KEY, Body.of(new byte[1]), PutMode.REPLACE);
        }
    }

    private StorageEntry local(String name) {
        return new StorageEntry("local", Map.of("path", folder.resolve(name).toString()), Map.of());
    }

    @Test
    void aNameIsAnAddedStorageOrElseOneOfTheConfiguration() throws Exception {
        apply("storages: {nas: {type: local, path: FOLDER/a}}\n");
        mark(storages().open(Optional.of("nas")));
        assertThat(folder.resolve("a/probe/one")).exists();
        assertThat(storages().doubt(Optional.of("nas"))).isEmpty();
        assertThat(storages().all()).containsExactly(Map.entry("nas", local("a")));

        storages().put("nas", local("b"));
        mark(storages().open(Optional.of("nas")));
        assertThat(folder.resolve("b/probe/one")).exists();
        assertThat(storages().doubt(Optional.of("nas")).orElseThrow()).contains("has another one of this name");
        assertThatThrownBy(() -> storages().open(Optional.of("nass"))).hasMessageContaining("there is no storage nass");
    }

    @Test
    void withoutADefaultTheOnlyRepositoryIsMeant() throws Exception {
        assertThatThrownBy(() -> storages().open(Optional.empty())).hasMessageContaining("--storage");
        apply("storages: {nas: {type: local, path: FOLDER/a}}\n");
        mark(storages().open(Optional.empty()));
        assertThat(folder.resolve("a/probe/one")).exists();
        apply("""
                storages: {nas: {type: local, path: FOLDER/a}}
                repositories: {default: {storage: nas}, more: {storage: nas, prefix: more}}
                """);
        assertThatThrownBy(() -> storages().open(Optional.empty())).hasMessageContaining("several repositories");
    }

    @Test
    void forTheDaemonNamesMeanWhatItsConfigurationSays() throws Exception {
        apply("""
                storages: {nas: {type: local, path: FOLDER/a}, added: {type: registered}}
                repositories: {default: {storage: nas}}
                """);
        Configuration configuration = applied.read().orElseThrow();
        storages().put("nas", local("b"));
        mark(new ConfiguredStorages(storages(), configuration).open(new RepositorySettings("nas", "", List.of())));
        assertThat(folder.resolve("a/probe/one")).exists();

        RepositorySettings added = new RepositorySettings("added", "", List.of());
        assertThatThrownBy(() -> new ConfiguredStorages(storages(), configuration).open(added))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was not added to this host");
        storages().put("added", local("b"));
        mark(new ConfiguredStorages(storages(), configuration).open(added));
        assertThat(folder.resolve("b/probe/one")).exists();
    }

    @Test
    void secretsAreReadAtUse() throws Exception {
        apply("storages: {b: {type: b2, bucket: backups, region: eu-central-003, access-key-id: abc,"
                + " secret-key: env:NOT_SET}}\n");
        assertThat(applied.read()).isPresent();
        assertThatThrownBy(() -> storages().open(Optional.of("b")))
                .hasMessage("storage b, secret secret-key: environment variable NOT_SET is not set");
    }

    @Test
    void anAppliedFileThatIsWrongIsToldAndHindersNoAddedStorage() throws Exception {
        storages().put("nas", local("a"));
        applied.replace("storages: {nas: {}}\n");
        mark(storages().open(Optional.of("nas")));
        assertThat(storages().doubt(Optional.of("nas")).orElseThrow()).contains("cannot be read", ":1:");
        assertThatThrownBy(() -> storages().open(Optional.of("other"))).isInstanceOf(ConfigurationException.class);
    }
}
