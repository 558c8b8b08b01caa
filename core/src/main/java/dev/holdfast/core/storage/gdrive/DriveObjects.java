package dev.holdfast.core.storage.gdrive;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Finds the file of a key. Searches for names may be behind by seconds, so the ids of the last files that were put are
 * kept and asked for first: what this process has put, it sees at once.
 */
final class DriveObjects {
    private static final int RECENT = 1_000;

    private final DriveCalls calls;
    private final DriveFolders folders;
    private final LinkedHashMap<ObjectKey, String> recent = new LinkedHashMap<>();

    DriveObjects(DriveCalls calls, DriveFolders folders) {
        this.calls = calls;
        this.folders = folders;
    }

    /** The folder of a key's file; empty for the root. */
    static String folderOf(ObjectKey key) {
        return key.text().substring(0, Math.max(0, key.text().lastIndexOf('/')));
    }

    /** The file that has the key; empty when there is none. */
    Optional<DriveEntry> find(ObjectKey key, String action) throws StorageException {
        Optional<DriveEntry> own = recent(key, action);
        return own.isPresent() ? own : all(key, action).stream().findFirst();
    }

    /** All files with the key's name, the one that has it in front. None counts only after a look past what is remembered. */
    List<DriveEntry> all(ObjectKey key, String action) throws StorageException {
        List<DriveEntry> found = allIn(folders.find(folderOf(key)), key, action);
        if (!found.isEmpty()) {
            return found;
        }
        folders.forget();
        return allIn(folders.find(folderOf(key)), key, action);
    }

    private List<DriveEntry> allIn(Optional<DriveFolder> folder, ObjectKey key, String action) throws StorageException {
        return folder.isEmpty() ? List.of() : in(folder.get(), key, action).orElse(List.of());
    }

    /** All files with the key's name in the folder, the one that has it in front; empty when the folder is gone. */
    Optional<List<DriveEntry>> in(DriveFolder folder, ObjectKey key, String action) throws StorageException {
        return calls.search(DriveQuery.named(folder.ids(), key.name()), folder.driveId(), action)
                .map(found -> found.stream()
                        .filter(entry -> entry.isFile() && entry.name().equals(key.name()))
                        .sorted(DriveEntry.FIRST_MADE)
                        .toList());
    }

    /** The file that this process put last under the key, if it is still there. */
    Optional<DriveEntry> recent(ObjectKey key, String action) throws StorageException {
        Optional<String> id = recentId(key);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Optional<DriveFolder> folder = folders.find(folderOf(key));
        Optional<DriveEntry> entry = calls.entry(id.get(), action)
                .filter(e -> !e.trashed() && e.name().equals(key.name()))
                .filter(e -> folder.isPresent()
                        && e.parents().stream().anyMatch(folder.get().ids()::contains));
        if (entry.isEmpty()) {
            forget(key);
        }
        return entry;
    }

    private synchronized Optional<String> recentId(ObjectKey key) {
        return Optional.ofNullable(recent.get(key));
    }

    /** Keeps the id of what was put. */
    synchronized void remember(ObjectKey key, String id) {
        recent.remove(key);
        recent.put(key, id);
        if (recent.size() > RECENT) {
            recent.remove(recent.firstEntry().getKey());
        }
    }

    synchronized void forget(ObjectKey key) {
        recent.remove(key);
    }
}
