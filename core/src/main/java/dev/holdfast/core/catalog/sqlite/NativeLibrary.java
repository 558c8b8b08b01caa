package dev.holdfast.core.catalog.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps the driver's native library beside the catalog. The driver itself unpacks, compares and deletes it at every start, which
 * costs about 100 ms of the 200 ms that its first connection takes, and fails where the temporary folder is mounted noexec.
 */
final class NativeLibrary {
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private NativeLibrary() {}

    /**
     * Before the first connection. Does nothing when the library was chosen already, or when the folder could be written by another
     * user, who could plant a library there: then the driver unpacks its own.
     */
    static synchronized void keepIn(Path folder) throws IOException {
        if (System.getProperty(PATH) != null || !isPrivate(folder)) {
            return;
        }
        String name = "libsqlitejdbc-" + SQLiteJDBCLoader.getVersion() + ".native";
        Path library = folder.resolve(name);
        if (!Files.exists(library, LinkOption.NOFOLLOW_LINKS) && !unpack(library)) {
            return;
        }
        System.setProperty(PATH, folder.toAbsolutePath().toString());
        System.setProperty(NAME, name);
    }

    private static boolean unpack(Path library) throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                return false;
            }
            Path part = Files.createTempFile(library.getParent(), ".libsqlitejdbc", ".part");
            try {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
                Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            return true;
        }
    }

    private static boolean isPrivate(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
        Set<PosixFilePermission> permissions = attributes.permissions();
        return !permissions.contains(PosixFilePermission.GROUP_WRITE)
                && !permissions.contains(PosixFilePermission.OTHERS_WRITE)
                && Files.isWritable(folder)
                && attributes.owner().getName().equals(System.getProperty("user.name"));
    }
}
