package dev.holdfast.shim.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenSourcesTest {
    private static final RepositoryId ONE = RepositoryId.of(new byte[RepositoryId.BYTES]);

    @TempDir
    Path folder = Path.of("");

    private SeenSources seen() {
        return new SeenSources(
                HostHome.of(Map.of("HOLDFAST_HOME", folder.toString()), "root", folder, new SecureRandom()), ONE);
    }

    @Test
    void remembersTheContainerOfEachSource() throws IOException {
        assertThat(seen().read()).isEmpty();
        Map<SourceName, String> sources =
                Map.of(new SourceName("shop-db"), "shop-db-1", new SourceName("wiki"), "wiki");
        seen().write(sources);
        assertThat(seen().read()).isEqualTo(sources);
        Path file = folder.resolve("sources").resolve(ONE.hex() + ".json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void saysWhichFileIsDamaged() throws IOException {
        seen().write(Map.of());
        Path file = folder.resolve("sources").resolve(ONE.hex() + ".json");
        for (String text : new String[] {"{\"sources\": ", "{\"sources\": {\"../x\": \"y\"}}"}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> seen().read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + " is damaged");
        }
    }
}
