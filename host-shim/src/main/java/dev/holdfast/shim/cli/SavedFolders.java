package dev.holdfast.shim.cli;

import dev.holdfast.core.source.files.FoldersSource;
import dev.holdfast.shim.folder.SavedFolder;
import dev.holdfast.shim.volume.VolumesSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Snapshots whose streams are archives of folders: of the host, or of volumes. */
final class SavedFolders {
    private SavedFolders() {}

    static boolean areIn(String engine) {
        return engine.equals(FoldersSource.ENGINE) || engine.equals(VolumesSource.ENGINE);
    }

    /** The folders; none for a snapshot of any other engine. */
    static List<SavedFolder> of(String engine, Map<String, Object> evidence) throws IOException {
        return switch (engine) {
            case FoldersSource.ENGINE -> SavedFolder.of(evidence);
            case VolumesSource.ENGINE -> VolumesSource.folders(evidence);
            default -> List.of();
        };
    }
}
