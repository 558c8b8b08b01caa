package dev.holdfast.core.storage.gdrive;

import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The folders of keys. What was found is remembered for a while; callers who do not find what they look for, or cannot
 * put, forget it all and look again, since a folder may have been removed and made anew by others.
 */
final class DriveFolders {
    /** After this a folder is looked for again: another host may have made a second one of the same name. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final DriveCalls calls;
    private final GoogleDriveRoot root;
    private final LongSupplier nanos;
    private final Map<String, Known> known = new HashMap<>();
    private boolean rootSeen;

    private record Known(DriveFolder folder, long nanos) {}

    DriveFolders(DriveCalls calls, GoogleDriveRoot root, LongSupplier nanos) {
        this.calls = calls;
        this.root = root;
        this.nanos = nanos;
    }

    /**
     * Finds a folder; empty when there is none.
     *
     * @param path empty for the root, otherwise without a slash at its ends
     * @throws StorageException.Rejected of {@link Reason#NO_ROOT} when the root is missing
     */
    synchronized Optional<DriveFolder> find(String path) throws StorageException {
        Optional<DriveFolder> there = remembered(path);
        if (there.isPresent()) {
            return there;
        }
        Optional<DriveFolder> found = path.isEmpty() ? Optional.of(existingRoot()) : below(path);
        found.ifPresent(folder -> remember(path, folder));
        return found;
    }

    private Optional<DriveFolder> below(String path) throws StorageException {
        Optional<DriveFolder> parent = find(parent(path));
        return parent.isEmpty() ? Optional.empty() : child(parent.get(), path);
    }

    private Optional<DriveFolder> child(DriveFolder parent, String path) throws StorageException {
        return children(parent, path)
                .filter(same -> !same.isEmpty())
                .map(same -> DriveFolder.of(same, parent.driveId()));
    }

    /** The folders of a path; empty when the parent is gone. */
    private Optional<List<DriveEntry>> children(DriveFolder parent, String path) throws StorageException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return calls.search(DriveQuery.folders(parent.ids()), parent.driveId(), "find folder " + path)
                .map(entries -> named(entries, name));
    }

    /**
     * Finds a folder or makes it, with those above it. By one thread at a time, so that one host makes no two.
     *
     * @return empty when a folder that was remembered is gone: {@link #forget}, and call again
     */
    synchronized Optional<DriveFolder> make(String path) throws StorageException {
        Optional<DriveFolder> there = remembered(path);
        if (there.isPresent()) {
            return there;
        }
        Optional<DriveFolder> folder = path.isEmpty() ? Optional.of(madeRoot()) : madeBelow(path);
        folder.ifPresent(made -> remember(path, made));
        return folder;
    }

    private Optional<DriveFolder> madeBelow(String path) throws StorageException {
        Optional<DriveFolder> parent = make(parent(path));
        Optional<List<DriveEntry>> there = parent.isEmpty() ? Optional.empty() : children(parent.get(), path);
        if (parent.isEmpty() || there.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> driveId = parent.get().driveId();
        if (!there.get().isEmpty()) {
            return Optional.of(DriveFolder.of(there.get(), driveId));
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        Optional<DriveEntry> made = calls.makeFolder(Optional.of(parent.get().first()), name, "make folder " + path)
                .filter(entry -> !entry.trashed());
        Optional<List<DriveEntry>> now = made.isEmpty() ? Optional.empty() : children(parent.get(), path);
        return now.isEmpty() ? Optional.empty() : Optional.of(DriveFolder.of(with(made.get(), now.get()), driveId));
    }

    /** Looks at everything anew from now on. */
    synchronized void forget() {
        known.clear();
    }

    private DriveFolder existingRoot() throws StorageException {
        DriveFolder found = switch (root) {
            case GoogleDriveRoot.Named(String name) ->
                namedRoot(name)
                        .orElseThrow(() -> noRoot("there is no folder " + name
                                + " in My Drive that this client id made; "
                                + (rootSeen
                                        ? "it was there a moment ago: look into the trash"
                                        : "the first put makes it, so test the storage once, or correct the name")));
            case GoogleDriveRoot.Folder(String id) -> rootById(id);
        };
        rootSeen = true;
        return found;
    }

    private Optional<DriveFolder> namedRoot(String name) throws StorageException {
        List<DriveEntry> same = rootsNamed(name);
        return same.isEmpty() ? Optional.empty() : Optional.of(DriveFolder.of(same, Optional.empty()));
    }

    private List<DriveEntry> rootsNamed(String name) throws StorageException {
        return calls.search(DriveQuery.folders(List.of("root")), Optional.empty(), "find the root folder")
                .map(entries -> named(entries, name))
                .orElse(List.of());
    }

    private DriveFolder rootById(String id) throws StorageException {
        DriveEntry entry = calls.entry(id, "find the root folder")
                .filter(e -> !e.trashed())
                .orElseThrow(
                        () -> noRoot(
                                "there is no folder with id " + id
                                        + ", or the login may not see it; with the scope drive.file it sees only folders that it made"));
        if (!entry.isFolder()) {
            throw noRoot("id " + id + " is not a folder's");
        }
        return new DriveFolder(List.of(entry.id()), entry.driveId());
    }

    private DriveFolder madeRoot() throws StorageException {
        if (rootSeen || !(root instanceof GoogleDriveRoot.Named(String name))) {
            return existingRoot(); // never anew where it had been: the backups are gone, and that must be seen
        }
        Optional<DriveFolder> there = namedRoot(name);
        if (there.isEmpty()) {
            DriveEntry made = calls.makeFolder(Optional.empty(), name, "make the root folder")
                    .orElseThrow(() -> noRoot("there is no My Drive to make it in"));
            there = Optional.of(DriveFolder.of(with(made, rootsNamed(name)), Optional.empty()));
        }

        rootSeen = true;
        return there.get();
    }

    private static StorageException.Rejected noRoot(String why) {
        return new StorageException.Rejected(
                Reason.NO_ROOT, "the root folder is missing in Google Drive: " + why, null);
    }

    private Optional<DriveFolder> remembered(String path) {
        return Optional.ofNullable(known.get(path))
                .filter(k -> nanos.getAsLong() - k.nanos < REMEMBERED.toNanos())
                .map(Known::folder);
    }

    private void remember(String path, DriveFolder folder) {
        known.put(path, new Known(folder, nanos.getAsLong()));
    }

    /** A listing may be behind: what was just made is there in any case. */
    private static List<DriveEntry> with(DriveEntry made, List<DriveEntry> listed) {
        return Stream.concat(Stream.of(made), listed.stream().filter(e -> !e.id().equals(made.id())))
                .toList();
    }

    private static List<DriveEntry> named(List<DriveEntry> entries, String name) {
        List<DriveEntry> same = new ArrayList<>(entries);
        same.removeIf(entry -> !entry.isFolder() || !entry.name().equals(name));
        return same;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
