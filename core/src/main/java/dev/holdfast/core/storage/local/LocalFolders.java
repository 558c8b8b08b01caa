package dev.holdfast.core.storage.local;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folders below a root: found without following links, made durably, and never made where the root has gone (an
 * unmounted disk leaves an empty folder behind, which must not be filled or read as an empty storage).
 */
final class LocalFolders {
    /** Parts of puts in flight, in the root so that they share its file system. */
    static final String PARTS = ".holdfast-parts";

    /** Names in the root that are no objects. {@code lost+found} is ext4's, and readable by root only. */
    private static final Set<String> RESERVED = Set.of(PARTS, "lost+found");

    private final Path root;
    private final Optional<Object> identity;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /** @throws StorageException.Rejected with NO_ROOT when there is no such folder */
    LocalFolders(Path root) throws IOException {
        this.root = root;
        this.identity = identity(root).orElseThrow(() -> noRoot("is no folder; make it, or mount the disk"));
    }

    Path root() {
        return root;
    }

    static boolean isReserved(String firstPart) {
        return RESERVED.contains(firstPart);
    }

    /** Where the object of a key lies; empty when a folder on the way is missing, so that there can be no object. */
    Optional<Path> find(ObjectKey key) throws IOException {
        if (isReserved(firstPart(key.text()))) {
            return Optional.empty();
        }
        Path target = resolve(key.text());
        for (Path folder : above(target)) {
            Optional<BasicFileAttributes> attributes = attributes(folder);
            if (attributes.isEmpty() || !isFolder(folder, attributes.get())) {
                requireRoot();
                return Optional.empty();
            }
        }
        return Optional.of(target);
    }

    /** The folder that a prefix ending in a slash names; empty when there is none. The empty prefix is the root. */
    Optional<Path> findFolder(String prefix) throws IOException {
        requireRoot();
        if (prefix.isEmpty()) {
            return Optional.of(root);
        }
        Optional<ObjectKey> key = keyOf(prefix.substring(0, prefix.length() - 1));
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> found = find(key.get());
        if (found.isEmpty()) {
            return found;
        }
        Path folder = found.get();
        return attributes(folder).filter(BasicFileAttributes::isDirectory).isPresent() ? found : Optional.empty();
    }

    /** Where to put the object of a key, after its folders were made and made durable. */
    Path prepare(ObjectKey key) throws IOException {
        if (isReserved(firstPart(key.text()))) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID, key + ": this name is reserved in a local storage", null);
        }
        requireRoot();
        Path target = resolve(key.text());
        for (Path folder : above(target)) {
            makeDurably(folder);
        }
        return target;
    }

    /** Attributes of the thing itself, not of what a link points to; empty when there is none. */
    static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (Objects.requireNonNullElse(e.getReason(), "").contains("Not a directory")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Makes the names in a folder survive a power cut. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** @throws StorageException.Rejected with NO_ROOT when the root is not the folder any more that it was at the start */
    void requireRoot() throws IOException {
        Optional<Optional<Object>> now = identity(root);
        if (now.isEmpty()) {
            throw noRoot("has gone; mount the disk again");
        }
        if (!now.get().equals(identity)) {
            throw noRoot("is another folder than at the start: a disk was mounted or unmounted there");
        }
    }

    private void makeDurably(Path folder) throws IOException {
        Optional<BasicFileAttributes> attributes = attributes(folder);
        if (attributes.isEmpty()) {
            durable.remove(folder);
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                attributes = attributes(folder); // another put was quicker
            }
        }
        if (attributes.isPresent() && !isFolder(folder, attributes.get())) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    root.relativize(folder) + ": is an object, so there can be none below it in a local storage",
                    null);
        }
        // also for a folder that was there: whoever made it may not have come to this line yet
        if (!durable.contains(folder)) {
            sync(Objects.requireNonNull(folder.getParent()));
            durable.add(folder);
        }
    }

    private boolean isFolder(Path folder, BasicFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    root.relativize(folder) + ": is a symbolic link; a local storage follows none below its root",
                    null);
        }
        return attributes.isDirectory();
    }

    /** The folders between the root and a path, from the top. */
    private List<Path> above(Path target) {
        Path relative = root.relativize(target);
        List<Path> folders = new ArrayList<>(relative.getNameCount());
        for (int i = 1; i < relative.getNameCount(); i++) {
            folders.add(root.resolve(relative.subpath(0, i)));
        }
        return folders;
    }

    private Path resolve(String text) throws IOException {
        try {
            return root.resolve(text);
        } catch (InvalidPathException e) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    text + ": cannot be a file name here; run with a UTF-8 locale (LC_ALL=C.UTF-8)",
                    e);
        }
    }

    static Optional<ObjectKey> keyOf(String text) {
        try {
            return Optional.of(new ObjectKey(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no key: a stranger's file, or a prefix that no key can have
        }
    }

    private static String firstPart(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    /** Device and inode where the system has them; the outer Optional is empty when the path is no folder. */
    private static Optional<Optional<Object>> identity(Path root) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
            return attributes.isDirectory() ? Optional.of(Optional.ofNullable(attributes.fileKey())) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    StorageException.Rejected noRoot(String problem) {
        return new StorageException.Rejected(StorageException.Reason.NO_ROOT, "root " + root + " " + problem, null);
    }
}
