package dev.holdfast.core.storage.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Files of puts in flight, in one hidden folder of the root. The folder is made when a storage is opened and never
 * during a put: where an unmounted disk has left an empty folder, a put finds no place for its part and fails.
 */
final class LocalParts {
    /** A part that nothing has been added to for so long belongs to a process that was killed. */
    static final Duration STALE_AFTER = Duration.ofHours(24);

    private final LocalFolders folders;
    private final Path folder;
    private final boolean linksAreKept;
    private final Object namingWithoutLinks = new Object();

    private LocalParts(LocalFolders folders, Path folder, boolean linksAreKept) {
        this.folders = folders;
        this.folder = folder;
        this.linksAreKept = linksAreKept;
    }

    /** Makes the folder, removes stale parts, and finds out about hard links. A read-only root is left as it is. */
    static LocalParts open(LocalFolders folders, Instant now) throws IOException {
        Path folder = folders.root().resolve(LocalFolders.PARTS);
        if (!Files.isWritable(folders.root())) {
            return new LocalParts(folders, folder, true);
        }
        Optional<BasicFileAttributes> found = LocalFolders.attributes(folder);
        if (found.isEmpty()) {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                found = LocalFolders.attributes(folder); // another process was quicker
            }
        }
        if (found.isPresent() && !found.get().isDirectory()) {
            throw folders.noRoot("has something other than a folder at " + LocalFolders.PARTS + "; remove it");
        }
        sweep(folder, now.minus(STALE_AFTER));
        return new LocalParts(folders, folder, keepsLinks(folder));
    }

    private static void sweep(Path folder, Instant before) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                Optional<BasicFileAttributes> found = LocalFolders.attributes(path);
                if (found.isPresent()
                        && !found.get().isDirectory()
                        && found.get().lastModifiedTime().toInstant().isBefore(before)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whether put-if-absent can be one step: FAT, exFAT and some shares have no hard links. */
    boolean linksAreKept() {
        return linksAreKept;
    }

    private static boolean keepsLinks(Path folder) throws IOException {
        Path file = folder.resolve("probe-" + UUID.randomUUID());
        Path link = folder.resolve("probe-" + UUID.randomUUID());
        try {
            Files.createFile(file);
            Files.createLink(link, file);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } catch (FileSystemException e) {
            String reason = Objects.requireNonNullElse(e.getReason(), "");
            // anything else, a full disk for one, does not speak of links: the next put will say it
            return !reason.contains("not permitted") && !reason.contains("not supported");
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(file);
        }
    }

    /** A new empty part. */
    Part create() throws IOException {
        Path path = folder.resolve(UUID.randomUUID().toString());
        try {
            return new Part(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (NoSuchFileException e) {
            throw folders.noRoot("has lost its folder " + LocalFolders.PARTS + "; mount the disk and open it again");
        }
    }

    /** One file on its way to become an object; gone when closed, unless it was given a name. */
    final class Part implements AutoCloseable {
        private final Path path;
        private final FileChannel channel;

        private Part(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        FileChannel channel() {
            return channel;
        }

        /** Names it, in place of what had the name. */
        void moveTo(Path target) throws IOException {
            channel.close();
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        }

        /**
         * Names it, unless something has the name: one step of the file system, or, where that keeps no hard links, a
         * look and a move that only this driver's own puts cannot come between.
         *
         * @throws FileAlreadyExistsException when something has the name
         */
        void linkTo(Path target) throws IOException {
            channel.close();
            if (linksAreKept) {
                Files.createLink(target, path);
                return;
            }
            synchronized (namingWithoutLinks) {
                if (LocalFolders.attributes(target).isPresent()) {
                    throw new FileAlreadyExistsException(target.toString());
                }
                Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                Files.deleteIfExists(path);
            }
        }
    }
}
