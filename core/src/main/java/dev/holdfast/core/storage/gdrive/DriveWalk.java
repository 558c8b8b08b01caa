package dev.holdfast.core.storage.gdrive;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One page of a listing: the folders in order of key, each read whole when it is reached, since Drive cannot sort as keys
 * are sorted. A page ends before a folder once it has enough, so no folder is read again for its own files.
 */
final class DriveWalk {
    private static final int PAGE_ITEMS = 1_000;

    private final DriveCalls calls;
    private final String prefix;
    private final Optional<String> after;
    private final List<StoredObject> items = new ArrayList<>();
    private boolean more;

    private DriveWalk(DriveCalls calls, String prefix, Optional<String> after) {
        this.calls = calls;
        this.prefix = prefix;
        this.after = after;
    }

    /**
     * @param start the folder that the prefix names by its last slash; empty when there is none
     * @param after the last key of the page before
     */
    static Page<StoredObject> page(DriveCalls calls, Optional<DriveFolder> start, String prefix, Optional<String> after)
            throws StorageException {
        DriveWalk walk = new DriveWalk(calls, prefix, after);
        if (start.isPresent()) {
            walk.folder(prefix.substring(0, prefix.lastIndexOf('/') + 1), start.get());
        }
        Optional<String> next =
                walk.more ? Optional.of(walk.items.getLast().key().text()) : Optional.empty();
        return new Page<>(walk.items, next);
    }

    /** @param same all folders, or all files, of this name */
    private record Child(String key, List<DriveEntry> same) {
        boolean isFolder() {
            return key.endsWith("/");
        }

        DriveEntry first() {
            return same.getFirst();
        }
    }

    /** @param path empty, or ending in a slash */
    private void folder(String path, DriveFolder folder) throws StorageException {
        for (Child child : children(path, folder)) {
            if (!child.isFolder()) {
                file(child);
            } else if (mayHold(child.key)) {
                if (items.size() >= PAGE_ITEMS) {
                    more = true;
                } else {
                    folder(child.key, DriveFolder.of(child.same, folder.driveId()));
                }
            }
            if (more) {
                return;
            }
        }
    }

    private List<Child> children(String path, DriveFolder folder) throws StorageException {
        Map<String, List<DriveEntry>> byKey = new HashMap<>();
        List<DriveEntry> entries = calls.search(
                        DriveQuery.children(folder.ids()), folder.driveId(), "list \"" + path + "\"")
                .orElse(List.of());
        for (DriveEntry entry : entries) {
            if (entry.kind() != DriveEntry.Kind.OTHER) {
                String key = path + entry.name() + (entry.isFolder() ? "/" : "");
                byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(entry);
            }
        }
        List<Child> children = new ArrayList<>();
        byKey.forEach((key, same) -> {
            if (isKey(key)) {
                children.add(new Child(
                        key, same.stream().sorted(DriveEntry.FIRST_MADE).toList()));
            }
        });
        children.sort(Comparator.comparing(Child::key));
        return children;
    }

    private void file(Child child) {
        if (child.key.startsWith(prefix) && (after.isEmpty() || child.key.compareTo(after.get()) > 0)) {
            items.add(new StoredObject(
                    new ObjectKey(child.key),
                    child.first().bytes(),
                    child.first().modified()));
        }
    }

    private boolean mayHold(String folder) {
        boolean inPrefix = folder.startsWith(prefix) || prefix.startsWith(folder);
        boolean stillToCome = after.isEmpty()
                || folder.compareTo(after.get()) > 0
                || after.get().startsWith(folder);
        return inPrefix && stillToCome;
    }

    /** Names that no key can have were not put by us. A name with a slash, which Drive allows, would be another key. */
    private static boolean isKey(String text) {
        try {
            ObjectKey key = new ObjectKey(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            return !key.text().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
