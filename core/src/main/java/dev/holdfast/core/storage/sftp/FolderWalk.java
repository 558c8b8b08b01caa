package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;

/**
 * Visits the files below a folder in order of key, reading each folder once, when it is reached. A folder sorts as its
 * name with a slash: {@code a-b} comes before {@code a/x}. Folders that cannot hold a key with the prefix or after the
 * given key are not read. Symbolic links below the root are not followed: they could lead in circles.
 */
final class FolderWalk {
    private final Folders folders;
    private final String prefix;
    private final Optional<String> after;
    private final Deque<Iterator<Entry>> path = new ArrayDeque<>();

    /** Reads the names of the folder of a key prefix, which is empty or ends in a slash; none when there is no folder. */
    interface Folders {
        List<SftpConnection.Name> names(String folder) throws IOException;
    }

    /** @param key of a file, or of a folder, then ending in a slash */
    private record Entry(String key, FileAttributes attributes) {
        boolean isFolder() {
            return key.endsWith("/");
        }
    }

    /**
     * @param prefix of the keys wanted; its last slash ends the folder where the walk begins
     * @param after only keys after this one are wanted
     */
    FolderWalk(Folders folders, String prefix, Optional<String> after) throws IOException {
        this.folders = folders;
        this.prefix = prefix;
        this.after = after;
        enter(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    }

    /** The next object, empty at the end. */
    Optional<StoredObject> next() throws IOException {
        while (!path.isEmpty()) {
            Iterator<Entry> here = path.peek();
            if (!here.hasNext()) {
                path.pop();
                continue;
            }
            Entry entry = here.next();
            if (entry.isFolder()) {
                enter(entry.key);
            } else {
                return Optional.of(new StoredObject(
                        new ObjectKey(entry.key),
                        entry.attributes.getSize(),
                        Instant.ofEpochSecond(entry.attributes.getMtime())));
            }
        }
        return Optional.empty();
    }

    private void enter(String folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (SftpConnection.Name name : folders.names(folder)) {
            FileMode.Type type = name.attributes().getType();
            if (type == FileMode.Type.DIRECTORY) {
                add(entries, new Entry(folder + name.text() + "/", name.attributes()));
            } else if (type == FileMode.Type.REGULAR) {
                add(entries, new Entry(folder + name.text(), name.attributes()));
            }
        }
        entries.sort(Comparator.comparing(Entry::key));
        path.push(entries.iterator());
    }

    private void add(List<Entry> entries, Entry entry) {
        boolean underPrefix = entry.key.startsWith(prefix) || (entry.isFolder() && prefix.startsWith(entry.key));
        boolean stillToCome = after.isEmpty()
                || entry.key.compareTo(after.get()) > 0
                || (entry.isFolder() && after.get().startsWith(entry.key));
        if (underPrefix && stillToCome && !isReserved(entry.key) && isKey(entry)) {
            entries.add(entry);
        }
    }

    private static boolean isReserved(String key) {
        return key.startsWith(SftpDriver.PARTS_FOLDER + "/");
    }

    /** Names that no key can have were not put by us. */
    private static boolean isKey(Entry entry) {
        String text = entry.isFolder() ? entry.key.substring(0, entry.key.length() - 1) : entry.key;
        return SftpDriver.isKey(text);
    }
}
