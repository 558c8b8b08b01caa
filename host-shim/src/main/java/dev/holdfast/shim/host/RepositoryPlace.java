package dev.holdfast.shim.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a repository lies on this host. A backup of the folder that holds it would save the repository into itself, and grow with every run.
 *
 * @param folder of the repository
 */
public record RepositoryPlace(Path folder) {
    /**
     * The repository's path within a folder that holds it: empty text when it is that folder. Folders are compared by what they are and not by their names,
     * so that symbolic links and bind mounts do not hide it.
     */
    public Optional<String> within(String holder) throws IOException {
        return path(folder, holder).map(Path::toString);
    }

    /** Whether a folder lies in the repository, or is it. */
    public boolean holds(String inner) throws IOException {
        try {
            return path(Path.of(inner), folder.toString()).isPresent();
        } catch (InvalidPathException e) {
            return false; // a name that this process cannot write; the repository's it can
        }
    }

    private static Optional<Path> path(Path inner, String holder) throws IOException {
        Path outer;
        try {
            outer = Path.of(holder);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (!Files.isDirectory(inner) || !Files.isDirectory(outer)) {
            return Optional.empty();
        }
        Path real = inner.toRealPath();
        for (Path above = real; above != null; above = above.getParent()) {
            if (Files.isSameFile(above, outer)) {
                return Optional.of(above.relativize(real));
            }
        }
        return Optional.empty();
    }
}
