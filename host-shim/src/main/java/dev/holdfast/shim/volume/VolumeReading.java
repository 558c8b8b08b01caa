package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.FolderSource;
import dev.holdfast.core.source.files.TarReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume that is read once.
 *
 * @param folder that the archive is made of, where it is made here; the engine says nothing of what it meets
 */
record VolumeReading(CheckedTar tar, Optional<FolderSource> folder) implements AutoCloseable {
    /** Of the archive, which must have been read to its end. */
    TarReport report() {
        return tar.report();
    }

    /** Files that changed or could not be read, and what was left out. */
    Map<String, Object> findings() {
        return folder.map(FolderSource::findings).orElse(Map.of());
    }

    List<String> warnings() {
        return folder.map(FolderSource::warnings).orElse(List.of());
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
