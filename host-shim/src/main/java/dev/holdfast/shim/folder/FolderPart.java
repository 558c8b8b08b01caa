package dev.holdfast.shim.folder;

import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarPlace;
import dev.holdfast.core.source.files.TarSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is restored of one folder.
 *
 * @param paths within the folder's tar; empty for everything
 */
public record FolderPart(SavedFolder saved, TarPlace place, List<String> paths) {
    public FolderPart {
        paths = List.copyOf(paths);
    }

    /** A new one at each call: a selection notes what it has met. */
    public TarSelection selection() {
        return TarSelection.of(paths);
    }

    /** The parts of these paths; of everything when there are none. */
    public static List<FolderPart> of(List<SavedFolder> folders, List<String> paths, FolderGoal goal) {
        List<FolderPart> parts = new ArrayList<>();
        for (SavedFolder saved : folders) {
            List<String> within = new ArrayList<>();
            for (String path : paths) {
                from(path, folders)
                        .flatMap(whole -> saved.within(whole, folders))
                        .ifPresent(within::add);
            }
            if (paths.isEmpty() || within.contains("")) {
                parts.add(new FolderPart(saved, goal.place(saved.folder()), List.of()));
            } else if (!within.isEmpty()) {
                parts.add(new FolderPart(saved, goal.place(saved.folder()), within));
            }
        }
        return parts;
    }

    private static Optional<HostFolder> from(String path, List<SavedFolder> folders) {
        if (!path.startsWith("/") && folders.size() > 1) {
            throw new IllegalArgumentException(
                    "the snapshot has several folders, so give the whole path, which begins with /: " + path);
        }
        return Optional.of(HostFolder.written(path, folders.getFirst().folder().path()));
    }
}
