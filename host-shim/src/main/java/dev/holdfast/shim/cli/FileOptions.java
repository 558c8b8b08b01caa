package dev.holdfast.shim.cli;

import dev.holdfast.core.source.files.FoldersSource;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarExtractor.Existing;
import dev.holdfast.shim.folder.FolderRestore;
import dev.holdfast.shim.folder.SavedFolder;
import dev.holdfast.shim.folder.StreamFiles;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.SnapshotStreams;
import dev.holdfast.shim.volume.VolumesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of {@code holdfast restore} that brings files back. */
final class FileOptions {
    @Option(
            names = "--to-folder",
            paramLabel = "FOLDER",
            description =
                    "write files into this folder, which must be new or empty; the streams of a snapshot that is neither of"
                            + " folders nor of volumes as files of their names")
    private @Nullable String toFolder;

    @Option(
            names = "--in-place",
            description =
                    "put the files of folders or volumes back where they were; what has the same name is replaced, all else stays")
    private boolean inPlace;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description =
                    "only this file, or folder with all in it, as ls shows it; may be repeated. Of a volume it goes back in place, if"
                            + " nothing else is said")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--overwrite", description = "take a folder that is not empty, and replace what has the same name")
    private boolean overwrite;

    /** Whether files are asked for, and not a database, of a snapshot of this engine. */
    boolean asked(String engine) {
        return toFolder != null || (inPlace && !engine.equals(VolumesSource.ENGINE));
    }

    /** Whether files of volumes are to go back into volumes, and not the volumes as a whole. */
    boolean inVolumes() {
        return inPlace || !paths.isEmpty();
    }

    /** As {@code ls} shows them; empty for everything. */
    List<String> paths() {
        return paths;
    }

    /** @throws IllegalArgumentException when these options do not go together, or not with those of databases */
    void refuseWith(boolean databaseOptions) {
        if (toFolder != null && inPlace) {
            throw new IllegalArgumentException("--to-folder and --in-place exclude each other");
        }
        if (toFolder == null && overwrite) {
            throw new IllegalArgumentException("--overwrite needs --to-folder");
        }
        if ((toFolder != null || inPlace) && databaseOptions) {
            throw new IllegalArgumentException(
                    "--database, --table and --keep-replaced are for databases, not for files");
        }
    }

    /** @throws IllegalArgumentException when paths are given for what has none */
    void refusePathsOf(String engine) {
        if (!paths.isEmpty() && toFolder == null && !inPlace && !engine.equals(VolumesSource.ENGINE)) {
            throw new IllegalArgumentException("--path needs --to-folder or --in-place");
        }
    }

    /** How a snapshot that is no database can be restored. */
    static String waysFor(String engine) {
        return engine.equals(FoldersSource.ENGINE) ? "--to-folder FOLDER or --in-place" : "--to-folder FOLDER";
    }

    /** @param engine that made the snapshot */
    PreparedRestore prepare(String engine, SnapshotStreams streams) throws IOException {
        Existing existing = overwrite ? Existing.REPLACE : Existing.REFUSE;
        List<SavedFolder> saved = SavedFolders.of(engine, streams.evidence());
        if (toFolder == null) {
            if (saved.isEmpty()) {
                throw new IllegalArgumentException(
                        "a snapshot of engine " + engine + " has no place on this host: use --to-folder FOLDER");
            }
            return FolderRestore.inPlace(streams, saved, paths);
        }
        HostFolder target = HostFolder.written(toFolder, System.getProperty("user.dir"));
        return saved.isEmpty()
                ? new StreamFiles(streams, Path.of(target.path()), paths, existing)
                : FolderRestore.into(streams, saved, target, paths, existing);
    }
}
