package dev.holdfast.shim.cli;

import dev.holdfast.core.source.files.FoldersSource;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarExtractor.Existing;
import dev.holdfast.shim.folder.FolderRestore;
import dev.holdfast.shim.folder.StreamFiles;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.SnapshotStreams;
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
                    "write files into this folder, which must be new or empty; the streams of a snapshot that is not of"
                            + " folders as files of their names")
    private @Nullable String toFolder;

    @Option(names = "--in-place", description = "put the files of folders back where they were")
    private boolean inPlace;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "only this file, or folder with all in it, as ls shows it; may be repeated")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--overwrite", description = "take a folder that is not empty, and replace what has the same name")
    private boolean overwrite;

    /** Whether files are asked for, and not a database. */
    boolean asked() {
        return toFolder != null || inPlace;
    }

    /** @throws IllegalArgumentException when these options do not go together, or not with those of databases */
    void refuseWith(boolean databaseOptions) {
        if (toFolder != null && inPlace) {
            throw new IllegalArgumentException("--to-folder and --in-place exclude each other");
        }
        if (toFolder == null && overwrite) {
            throw new IllegalArgumentException("--overwrite needs --to-folder");
        }
        if (!asked() && !paths.isEmpty()) {
            throw new IllegalArgumentException("--path needs --to-folder or --in-place");
        }
        if (asked() && databaseOptions) {
            throw new IllegalArgumentException(
                    "--to, --database, --table and --keep-replaced are for databases, not for files");
        }
    }

    /** How a snapshot that is no database can be restored. */
    static String waysFor(String engine) {
        return engine.equals(FoldersSource.ENGINE) ? "--to-folder FOLDER or --in-place" : "--to-folder FOLDER";
    }

    /** @param engine that made the snapshot */
    PreparedRestore prepare(String engine, SnapshotStreams streams) throws IOException {
        Existing existing = overwrite ? Existing.REPLACE : Existing.REFUSE;
        boolean folders = engine.equals(FoldersSource.ENGINE);
        if (toFolder == null) {
            if (!folders) {
                throw new IllegalArgumentException(
                        "a snapshot of engine " + engine + " has no place on this host: use --to-folder FOLDER");
            }
            return FolderRestore.inPlace(streams, paths);
        }
        HostFolder target = HostFolder.written(toFolder, System.getProperty("user.dir"));
        return folders
                ? FolderRestore.into(streams, target, paths, existing)
                : new StreamFiles(streams, Path.of(target.path()), paths, existing);
    }
}
