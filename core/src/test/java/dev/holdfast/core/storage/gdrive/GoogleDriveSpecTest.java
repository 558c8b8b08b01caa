package dev.holdfast.core.storage.gdrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.storage.GoogleDriveLogin;
import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageSpec;
import org.junit.jupiter.api.Test;

class GoogleDriveSpecTest {
    @Test
    void isOpenedWithoutAConnectionAndDescribedWithoutSecrets() throws Exception {
        StorageSpec spec = new StorageSpec.GoogleDrive(new GoogleDriveRoot.Named("Backups"), StandInTokens.LOGIN);
        assertThat(spec.describe()).isEqualTo("Google Drive, folder Backups in My Drive");
        assertThat(spec.toString())
                .doesNotContain(StandInTokens.LOGIN.clientSecret().reveal())
                .doesNotContain(StandInTokens.LOGIN.refreshToken().reveal());
        try (StorageDriver driver = Providers.open(spec)) {
            assertThat(driver).isInstanceOf(GoogleDriveDriver.class);
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        Secret secret = Secret.of("x");
        for (String name : new String[] {"", " ", "a\nb", "x".repeat(256)}) {
            assertThatThrownBy(() -> new GoogleDriveRoot.Named(name)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String id : new String[] {"", "a b", "it's", "https://drive.google.com/drive/folders/abc"}) {
            assertThatThrownBy(() -> new GoogleDriveRoot.Folder(id)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new GoogleDriveLogin("", secret, secret)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GoogleDriveLogin("a b", secret, secret))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
