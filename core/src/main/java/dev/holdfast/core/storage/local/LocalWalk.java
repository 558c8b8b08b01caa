package dev.holdfast.core.storage.local;

import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The objects below a folder in order of the whole key. It holds the names of one folder for each level it is in, and
 * looks at a file only when its turn comes. A folder {@code d} waits in the queue as {@code d/}, since {@code d-x} and
 * {@code d.x} sort before {@code d/x}.
 */
final class LocalWalk {
    private final String prefix;
    private final String after;
    private final Deque<Level> levels = new ArrayDeque<>();

    private record Level(Path folder, String keyStart, PriorityQueue<String> names) {}

    /**
     * @param top the folder that holds everything with this prefix
     * @param keyStart the start of all keys in it: empty, or ending in a slash
     * @param after only keys that sort after this one are wanted
     */
    LocalWalk(Path top, String keyStart, String prefix, String after) throws IOException {
        this.prefix = prefix;
        this.after = after;
        enter(top, keyStart);
    }

    /** The next object; empty at the end. */
    Optional<StoredObject> next() throws IOException {
        while (!levels.isEmpty()) {
            Level level = levels.getLast();
            String name = level.names().poll();
            if (name == null) {
                levels.removeLast();
            } else if (name.endsWith("/")) {
                enter(level.folder().resolve(name.substring(0, name.length() - 1)), level.keyStart() + name);
            } else {
                Optional<StoredObject> object = look(level, name);
                if (object.isPresent()) {
                    return object;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<StoredObject> look(Level level, String name) throws IOException {
        Optional<BasicFileAttributes> found =
                LocalFolders.attributes(level.folder().resolve(name));
        if (found.isEmpty()) {
            return Optional.empty(); // deleted since the folder was read
        }
        BasicFileAttributes attributes = found.get();
        String key = level.keyStart() + name;
        if (attributes.isDirectory()) {
            if (mayHoldLater(key)) {
                level.names().add(name + "/");
            }
            return Optional.empty();
        }
        if (!attributes.isRegularFile() || key.compareTo(after) <= 0) {
            return Optional.empty();
        }
        return LocalFolders.keyOf(key)
                .map(valid -> new StoredObject(
                        valid, attributes.size(), attributes.lastModifiedTime().toInstant()));
    }

    private void enter(Path folder, String keyStart) throws IOException {
        PriorityQueue<String> names = new PriorityQueue<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                String name = String.valueOf(path.getFileName());
                String key = keyStart + name;
                boolean reserved = keyStart.isEmpty() && LocalFolders.isReserved(name);
                if (!reserved && key.startsWith(prefix) && (key.compareTo(after) > 0 || mayHoldLater(key))) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException removedSince) {
            return;
        }
        levels.addLast(new Level(folder, keyStart, names));
    }

    /** Whether a folder of this key can hold keys that sort after {@link #after}. */
    private boolean mayHoldLater(String key) {
        String start = key + "/";
        return start.compareTo(after) > 0 || after.startsWith(start);
    }
}
