package dev.holdfast.shim.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.files.TarExtractor.Existing;
import dev.holdfast.shim.restore.PathNotFoundException;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFilesTest {
    @TempDir
    Path folder = Path.of("");

    /** Streams that hold their own names; the one called {@code broken} fails at its end. */
    private record Named(List<String> names) implements SnapshotStreams {
        @Override
        public InputStream open(String name) {
            InputStream text = new ByteArrayInputStream(name.getBytes(StandardCharsets.UTF_8));
            return name.equals("broken") ? new Failing(text) : text;
        }

        @Override
        public Map<String, Object> evidence() {
            return Map.of();
        }
    }

    private static final class Failing extends java.io.FilterInputStream {
        Failing(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read < 0) {
                throw new IOException("not authentic");
            }
            return read;
        }
    }

    private StreamFiles restore(Existing existing, List<String> paths, String... names) throws IOException {
        return new StreamFiles(new Named(List.of(names)), folder.resolve("out"), paths, existing);
    }

    @Test
    void eachStreamIsAFile() throws IOException {
        StreamFiles files = restore(Existing.REFUSE, List.of(), "globals.sql", "databases/shop.dump");
        assertThat(files.replaces()).isFalse();
        assertThat(files.run().folders()).hasSize(2);
        assertThat(folder.resolve("out/databases/shop.dump")).hasContent("databases/shop.dump");
        assertThatThrownBy(() -> restore(Existing.REFUSE, List.of(), "x")).isInstanceOf(RestoreFailedException.class);
        StreamFiles again = restore(Existing.REPLACE, List.of("databases"), "globals.sql", "databases/shop.dump");
        assertThat(again.replaces()).isTrue();
        assertThat(again.plan()).containsExactly("replace file " + folder.resolve("out/databases/shop.dump"));
        assertThatThrownBy(() -> restore(Existing.REPLACE, List.of("data"), "databases/shop.dump"))
                .isInstanceOf(PathNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../../x", "a//b", "..", "."})
    void aNameThatLeadsElsewhereIsRefused(String name) {
        assertThatThrownBy(() -> restore(Existing.REFUSE, List.of(), name)).hasMessageContaining("outside");
    }

    @Test
    void aLinkInTheWayIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(Files.createDirectory(folder.resolve("out")).resolve("a"), outside);
        assertThatThrownBy(() -> restore(Existing.REPLACE, List.of(), "a/b").run())
                .hasMessageContaining("no folder but a link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aBrokenStreamLeavesWhatWasThere() throws IOException {
        Path there =
                Files.writeString(Files.createDirectory(folder.resolve("out")).resolve("broken"), "whole");
        assertThatThrownBy(() -> restore(Existing.REPLACE, List.of(), "broken").run())
                .hasMessageContaining("not authentic");
        assertThat(there).hasContent("whole");
        assertThat(folder.resolve("out")).isDirectoryContaining(path -> path.equals(there));
        assertThat(Files.exists(folder.resolve("out/broken.part"))).isFalse();
    }
}
