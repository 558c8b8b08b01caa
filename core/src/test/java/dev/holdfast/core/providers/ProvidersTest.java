package dev.holdfast.core.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import java.nio.file.Path;
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
}
