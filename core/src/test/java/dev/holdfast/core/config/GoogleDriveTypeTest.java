package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.GoogleDriveLogin;
import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.StorageSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoogleDriveTypeTest {
    private static final Map<String, Secret> SECRETS =
            Map.of("client-secret", Secret.of("s"), "refresh-token", Secret.of("t"));
    private static final GoogleDriveLogin LOGIN = new GoogleDriveLogin("c", Secret.of("s"), Secret.of("t"));

    private static StorageSpec spec(Map<String, String> settings) {
        return StorageTypes.spec("gdrive", settings, SECRETS);
    }

    @Test
    void theFolderIsANameOrAnId() {
        assertThat(spec(Map.of("client-id", "c")))
                .isEqualTo(new StorageSpec.GoogleDrive(new GoogleDriveRoot.Named("Holdfast"), LOGIN));
        assertThat(spec(Map.of("client-id", "c", "folder", "My backups")))
                .isEqualTo(new StorageSpec.GoogleDrive(new GoogleDriveRoot.Named("My backups"), LOGIN));
        assertThat(spec(Map.of("client-id", "c", "folder-id", "1abc")))
                .isEqualTo(new StorageSpec.GoogleDrive(new GoogleDriveRoot.Folder("1abc"), LOGIN));
        assertThatThrownBy(() -> spec(Map.of("client-id", "c", "folder-id", "1abc", "folder", "x")))
                .hasMessageContaining("exclude");
    }

    @Test
    void whatIsMissingOrUnknownIsNamed() {
        assertThat(StorageTypes.NAMES).contains("gdrive");
        assertThat(StorageTypes.secrets("gdrive")).containsExactlyInAnyOrder("client-secret", "refresh-token");
        assertThatThrownBy(() -> spec(Map.of())).hasMessageContaining("client-id");
        assertThatThrownBy(() -> spec(Map.of("client-id", "c", "bucket", "x"))).hasMessageContaining("bucket");
        assertThatThrownBy(() -> StorageTypes.spec("gdrive", Map.of("client-id", "c"), Map.of()))
                .hasMessageContaining("client-secret");
    }
}
