package dev.holdfast.shim.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that only their owner may read: made with mode 0600 from the first moment, written whole or not at all. */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private SecretFile() {}

    /** Makes a folder and its missing parents, for the owner alone. */
    public static void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
    }

    /** Makes a file. Throws {@link java.nio.file.FileAlreadyExistsException} when there is one: a key is never overwritten. */
    public static void create(Path file, String text) throws IOException {
        Path part = write(file, text);
        try {
            Files.createLink(file, part);
        } finally {
            Files.delete(part);
        }
    }

    /** Makes a file or replaces it in one step. */
    public static void replace(Path file, String text) throws IOException {
        Files.move(write(file, text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path write(Path file, String text) throws IOException {
        Path part = Files.createTempFile(
                file.toAbsolutePath().getParent(), ".part-", "", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return part;
    }

    /** Reads a file, and refuses one that others could read or change. */
    public static String read(Path file) throws IOException {
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(OWNER_FOLDER);
        if (!others.isEmpty()) {
            throw new IOException(file + " holds a key and others than its owner have access to it: chmod 600 " + file);
        }
        return Files.readString(file);
    }
}
