package dev.holdfast.shim.folder;

import dev.holdfast.core.source.files.TarExtractor.Existing;
import dev.holdfast.shim.restore.PathNotFoundException;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes the streams of any snapshot as files of their names, readable by their owner alone, since dumps hold passwords. A file has its
 * name only once it is whole and on disk; before, it ends with {@code .part}.
 */
public final class StreamFiles implements PreparedRestore {
    private static final int BUFFER_BYTES = 1 << 20;

    private final SnapshotStreams streams;
    private final Path folder;
    private final List<String> names;
    private final boolean empty;

    /**
     * @param paths names of streams, or of folders in their names; empty for all
     * @throws RestoreFailedException when the folder has something in it and nothing is to be replaced
     */
    public StreamFiles(SnapshotStreams streams, Path folder, List<String> paths, Existing existing) throws IOException {
        this.streams = streams;
        this.folder = folder;
        this.names = streams.names().stream()
                .filter(name -> paths.isEmpty() || paths.stream().anyMatch(path -> isWithin(name, path)))
                .toList();
        List<String> unmatched = paths.stream()
                .filter(path -> streams.names().stream().noneMatch(name -> isWithin(name, path)))
                .toList();
        if (!unmatched.isEmpty()) {
            throw new PathNotFoundException("the snapshot has no stream " + String.join(", ", unmatched)
                    + "; its streams are " + String.join(", ", streams.names()));
        }
        this.empty = isEmpty(folder);
        if (!empty && existing == Existing.REFUSE) {
            throw new RestoreFailedException("folder " + folder
                    + " is not empty: choose a new or empty one, or use --overwrite to replace what has the same name");
        }
        for (String name : names) {
            place(name);
        }
    }

    private static boolean isWithin(String name, String path) {
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return name.equals(plain) || name.startsWith(plain + "/");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /** A stream's name was sealed by whoever made the backup, which is no reason to let it lead elsewhere. */
    private Path place(String name) throws IOException {
        Path place = folder.resolve(name);
        boolean inside = !name.startsWith("/")
                && List.of(name.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (!inside) {
            throw new RestoreFailedException("stream " + name + " would lie outside of " + folder);
        }
        return place;
    }

    @Override
    public boolean replaces() {
        return !empty;
    }

    @Override
    public List<String> plan() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            Path place = place(name);
            lines.add((Files.exists(place, LinkOption.NOFOLLOW_LINKS) ? "replace file " : "write file ") + place);
        }
        return lines;
    }

    @Override
    public RestoreReport run() throws IOException {
        List<RestoreReport.Folder> written = new ArrayList<>();
        Files.createDirectories(folder);
        for (String name : names) {
            Path place = place(name);
            try {
                makeFolders(place);
                written.add(new RestoreReport.Folder(name, place.toString(), 1, write(name, place)));
            } catch (IOException e) {
                throw new RestoreFailedException(
                        "stream " + name + " could not be written to " + place + ", and " + written.size()
                                + " streams before it are there: " + e.getMessage(),
                        e);
            }
        }
        return new RestoreReport(List.of(), written, List.of());
    }

    /** Through no symbolic link below the folder. */
    private void makeFolders(Path place) throws IOException {
        Path current = folder;
        for (Path part : folder.relativize(place.getParent() == null ? folder : place.getParent())) {
            current = current.resolve(part);
            if (part.toString().isEmpty()) {
                continue;
            }
            if (!Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        current, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else if (!Files.isDirectory(current, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(current + " is no folder but a link or file");
            }
        }
    }

    private long write(String name, Path place) throws IOException {
        Path part = place.resolveSibling(place.getFileName() + ".part");
        Files.deleteIfExists(part);
        boolean whole = false;
        try {
            long bytes = copy(name, part);
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
            whole = true;
            return bytes;
        } finally {
            if (!whole) {
                Files.deleteIfExists(part);
            }
        }
    }

    private long copy(String name, Path part) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (InputStream in = streams.open(name);
                FileChannel out = FileChannel.open(
                        part,
                        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                direct.clear().put(buffer, 0, n).flip();
                while (direct.hasRemaining()) {
                    bytes += out.write(direct);
                }
            }
            out.force(true);
        }
        return bytes;
    }
}
