package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.TarEntry.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Restores an archive into a folder. Every entry stays inside: absolute paths and {@code ..} are refused, and each folder on the way is
 * opened without following symbolic links, so that neither a link of the archive nor one that was there leads out. Owners (by number),
 * devices, setuid and setgid are restored when this process is root; else the entries are the user's own, with a warning.
 */
public final class TarExtractor {
    private static final int LISTED_WARNINGS = 100;

    /** What to do with a name that is taken by anything but a folder that meets a folder. */
    public enum Existing {
        /** Stop: nothing that was there before is lost. */
        REFUSE,
        /** Put the archive's entry in its place; never removes a folder with something in it. */
        REPLACE
    }

    private final HostFolder target;
    private final Existing existing;
    private final List<String> selection;
    private final Posix posix = new Posix();
    private final boolean root = posix.isRoot();
    private final byte[] copy = new byte[Posix.BUFFER_BYTES];
    private final Set<String> matched = new HashSet<>();
    private final Deque<TarEntry> folders = new ArrayDeque<>();
    private final List<String> warnings = new ArrayList<>();
    private long unlistedWarnings;
    private long entries;
    private long contentBytes;
    private String openPath = "";
    private int openFolder = -1;
    private int targetFolder = -1;

    private TarExtractor(HostFolder target, Existing existing, List<String> selection) {
        this.target = target;
        this.existing = existing;
        this.selection = selection.stream()
                .map(path -> normalized(ByteNames.ofText(path)))
                .toList();
    }

    /**
     * Restores to the folder, which is made when it is missing.
     *
     * @param archive read to its end, but not closed
     * @param selection only these paths with all below them, and the folders above them; empty for everything
     * @throws TarFormatException when the archive is cut, damaged, or would write outside of the folder; what came before is restored
     */
    public static ExtractionReport extract(
            InputStream archive, HostFolder target, Existing existing, List<String> selection) throws IOException {
        TarExtractor extractor = new TarExtractor(target, existing, selection);
        return extractor.run(new TarReader(archive));
    }

    /** Tells of each entry in order, with nothing written. Reads the archive to its end. */
    public static void list(InputStream archive, Consumer<TarEntry> entries) throws IOException {
        TarReader reader = new TarReader(archive);
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            entries.accept(entry.get());
        }
    }

    private ExtractionReport run(TarReader reader) throws IOException {
        targetFolder = openTarget();
        try {
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                String path = inside(entry.get(), entry.get().rawPath());
                if (isSelected(path, entry.get().kind())) {
                    restore(entry.get(), path, reader);
                    entries++;
                }
            }
            // Modes and times of folders come last: a member that is made later needs the one and changes the other.
            while (!folders.isEmpty()) {
                finishFolder(folders.pop());
            }
        } finally {
            closeOpenFolder();
            posix.close(targetFolder);
        }
        if (unlistedWarnings > 0) {
            warnings.add("and " + unlistedWarnings + " more");
        }
        List<String> unmatched = selection.stream()
                .filter(path -> !matched.contains(path))
                .map(ByteNames::display)
                .toList();
        return new ExtractionReport(entries, contentBytes, List.copyOf(warnings), unmatched);
    }

    private int openTarget() throws IOException {
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        int descriptor = posix.open(Posix.AT_FDCWD, target.rawName(), flags, 0);
        if (descriptor == -Posix.ENOENT) {
            int made = posix.makeDirectory(Posix.AT_FDCWD, target.rawName(), 0700);
            if (made < 0 && made != -Posix.EEXIST) {
                throw new PosixException("cannot make the folder " + target, -made);
            }
            descriptor = posix.open(Posix.AT_FDCWD, target.rawName(), flags, 0);
        }
        if (descriptor < 0) {
            throw new PosixException("cannot open the folder " + target, -descriptor);
        }
        return descriptor;
    }

    /** Without {@code .} parts and slashes at the end; the folder itself is empty. */
    private static String normalized(String path) {
        StringBuilder normal = new StringBuilder(path.length());
        for (int at = 0; at <= path.length(); ) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            String part = path.substring(at, end);
            if (!part.isEmpty() && !part.equals(".")) {
                normal.append(normal.isEmpty() ? "" : "/").append(part);
            }
            at = end + 1;
        }
        return normal.toString();
    }

    private static String inside(TarEntry entry, String path) throws TarFormatException {
        boolean leaves = path.startsWith("/")
                || path.equals("..")
                || path.startsWith("../")
                || path.endsWith("/..")
                || path.contains("/../");
        if (leaves) {
            throw new TarFormatException(
                    "entry " + entry.path() + " of the archive leads out of the folder: " + ByteNames.display(path));
        }
        return normalized(path);
    }

    private boolean isSelected(String path, EntryKind kind) {
        if (selection.isEmpty()) {
            return true;
        }
        boolean selected = false;
        for (String wanted : selection) {
            if (wanted.isEmpty() || path.equals(wanted) || path.startsWith(wanted + "/")) {
                matched.add(wanted);
                selected = true;
            } else if (kind == EntryKind.DIRECTORY && (path.isEmpty() || wanted.startsWith(path + "/"))) {
                selected = true;
            }
        }
        return selected;
    }

    private void restore(TarEntry entry, String path, TarReader reader) throws IOException {
        if (path.isEmpty()) {
            if (entry.kind() != EntryKind.DIRECTORY) {
                throw new TarFormatException("the archive has something that is no folder in the folder's own place");
            }
            folders.push(entry);
            return;
        }
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        int folder = folder(slash < 0 ? "" : path.substring(0, slash));
        switch (entry.kind()) {
            case DIRECTORY -> restoreFolder(entry, folder, name);
            case FILE -> restoreFile(entry, folder, name, reader);
            case HARD_LINK -> restoreHardLink(entry, path, folder, name);
            case SYMBOLIC_LINK -> {
                create(entry, folder, name, () -> posix.makeSymbolicLink(entry.rawLink(), folder, name));
                dress(entry, folder, name);
            }
            case FIFO -> restoreNode(entry, folder, name, FileStatus.FIFO);
            case CHARACTER_DEVICE -> restoreNode(entry, folder, name, FileStatus.CHARACTER_DEVICE);
            case BLOCK_DEVICE -> restoreNode(entry, folder, name, FileStatus.BLOCK_DEVICE);
        }
    }

    /** Opens a folder below the target, part by part and through no link; missing ones are made. Kept open until the next. */
    private int folder(String path) throws IOException {
        if (path.isEmpty()) {
            return targetFolder;
        }
        if (openFolder >= 0 && path.equals(openPath)) {
            return openFolder;
        }
        closeOpenFolder();
        openFolder = walk(path, true);
        openPath = path;
        return openFolder;
    }

    private int walk(String path, boolean make) throws IOException {
        int current = targetFolder;
        for (int at = 0; at < path.length(); ) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            String part = path.substring(at, end);
            int next = posix.open(current, part, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
            if (next == -Posix.ENOENT && make) {
                posix.makeDirectory(current, part, 0700);
                next = posix.open(current, part, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
            }
            if (current != targetFolder) {
                posix.close(current);
            }
            if (next == -Posix.ELOOP || next == -Posix.ENOTDIR) {
                throw new TarFormatException("'" + ByteNames.display(path.substring(0, end)) + "' in " + target
                        + " is no folder but a link or file; nothing is restored through it");
            }
            if (next < 0) {
                throw new PosixException(
                        "cannot open " + ByteNames.display(path.substring(0, end)) + " in " + target, -next);
            }
            current = next;
            at = end + 1;
        }
        return current;
    }

    private void closeOpenFolder() {
        if (openFolder >= 0) {
            posix.close(openFolder);
            openFolder = -1;
        }
    }

    @FunctionalInterface
    private interface Creation {
        int run();
    }

    /** Makes a name that must be new, after the one in its place was removed where that is wanted. Returns what the call did. */
    private int create(TarEntry entry, int folder, String name, Creation creation) throws IOException {
        int result = creation.run();
        if (result == -Posix.EEXIST && existing == Existing.REPLACE) {
            remove(entry, folder, name);
            result = creation.run();
        }
        if (result == -Posix.EEXIST) {
            throw new IOException(
                    entry.path() + " exists in " + target + " already; choose an empty folder, or ask to replace");
        }
        if (result < 0) {
            throw new PosixException("cannot make " + entry.path() + " in " + target, -result);
        }
        return result;
    }

    private void remove(TarEntry entry, int folder, String name) throws IOException {
        boolean directory = posix.status(folder, name).type() == FileStatus.DIRECTORY;
        int result = posix.unlink(folder, name, directory ? Posix.AT_REMOVEDIR : 0);
        if (result < 0) {
            throw new PosixException("cannot replace " + entry.path() + " in " + target, -result);
        }
    }

    private void restoreFolder(TarEntry entry, int folder, String name) throws IOException {
        int made = posix.makeDirectory(folder, name, 0700);
        boolean there = made == -Posix.EEXIST && posix.status(folder, name).type() == FileStatus.DIRECTORY;
        if (!there && made < 0) {
            create(entry, folder, name, () -> posix.makeDirectory(folder, name, 0700));
        }
        folders.push(entry);
    }

    private void finishFolder(TarEntry entry) throws IOException {
        String path = normalized(entry.rawPath());
        int descriptor = path.isEmpty() ? targetFolder : walk(path, false);
        try {
            dress(entry, descriptor, ".");
            check(entry, "mode", posix.changeMode(descriptor, permissions(entry)));
            check(
                    entry,
                    "time",
                    posix.changeTime(descriptor, ".", entry.status().modified()));
        } finally {
            if (descriptor != targetFolder) {
                posix.close(descriptor);
            }
        }
    }

    private void restoreFile(TarEntry entry, int folder, String name, TarReader reader) throws IOException {
        int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int descriptor = create(entry, folder, name, () -> posix.open(folder, name, flags, 0600));
        boolean written = false;
        try {
            writeContent(entry, descriptor, reader);
            dress(entry, folder, name);
            check(entry, "mode", posix.changeMode(descriptor, permissions(entry)));
            written = true;
        } finally {
            if (!written) {
                posix.close(descriptor);
            }
        }
        int closed = posix.close(descriptor);
        if (closed < 0) {
            throw new PosixException("the content of " + entry.path() + " could not be written", -closed);
        }
        check(entry, "time", posix.changeTime(folder, name, entry.status().modified()));
    }

    private void writeContent(TarEntry entry, int descriptor, TarReader reader) throws IOException {
        long at = 0;
        for (Extent extent : entry.extents()) {
            if (extent.offset() != at && posix.seek(descriptor, extent.offset(), Posix.SEEK_SET) < 0) {
                throw new IOException("cannot write " + entry.path() + " at " + extent.offset());
            }
            long left = extent.length();
            while (left > 0) {
                int got = reader.read(copy, (int) Math.min(left, copy.length));
                if (got < 0) {
                    throw new TarFormatException("the content of " + entry.path() + " is shorter than its size");
                }
                MemorySegment.copy(copy, 0, posix.buffer(), ValueLayout.JAVA_BYTE, 0, got);
                posix.write(descriptor, got);
                left -= got;
                contentBytes += got;
            }
            at = extent.offset() + extent.length();
        }
        boolean endsWithHole = entry.size() > 0
                && entry.extents().stream().noneMatch(e -> e.length() > 0 && e.offset() + e.length() == entry.size());
        if (endsWithHole) {
            int result = posix.truncate(descriptor, entry.size());
            if (result < 0) {
                throw new PosixException("cannot set the size of " + entry.path(), -result);
            }
        }
    }

    private void restoreHardLink(TarEntry entry, String path, int folder, String name) throws IOException {
        String from = inside(entry, entry.rawLink());
        if (from.isEmpty() || from.equals(path)) {
            throw new TarFormatException("hard link " + entry.path() + " of the archive leads to nothing");
        }
        if (!isSelected(from, EntryKind.HARD_LINK)) {
            warn(entry.path() + " is a further name of " + entry.link() + ", which was not selected: it is missing");
            return;
        }
        int slash = from.lastIndexOf('/');
        String fromName = from.substring(slash + 1);
        int fromFolder = slash < 0 ? targetFolder : walk(from.substring(0, slash), false);
        try {
            create(entry, folder, name, () -> posix.makeHardLink(fromFolder, fromName, folder, name));
        } finally {
            if (fromFolder != targetFolder) {
                posix.close(fromFolder);
            }
        }
    }

    private void restoreNode(TarEntry entry, int folder, String name, int type) throws IOException {
        if (!root && type != FileStatus.FIFO) {
            warn(entry.path() + " is a device, which only root can make: it is missing");
            return;
        }
        FileStatus status = entry.status();
        create(
                entry,
                folder,
                name,
                () -> posix.makeNode(folder, name, type | 0600, status.specialMajor(), status.specialMinor()));
        dress(entry, folder, name);
        check(entry, "mode", posix.changeMode(folder, name, permissions(entry)));
        check(entry, "time", posix.changeTime(folder, name, status.modified()));
    }

    /** Owner, then extended attributes: a change of owner removes file capabilities, and setuid, so the mode comes last. */
    private void dress(TarEntry entry, int folder, String name) {
        if (root) {
            check(
                    entry,
                    "owner",
                    posix.changeOwner(
                            folder, name, entry.status().uid(), entry.status().gid()));
        }
        for (Map.Entry<String, byte[]> attribute : entry.attributes().entrySet()) {
            check(
                    entry,
                    "extended attribute " + ByteNames.display(attribute.getKey()),
                    posix.setAttribute(folder, name, attribute.getKey(), attribute.getValue()));
        }
        if (entry.foreignAcl()) {
            warn("the access control list of " + entry.path() + " is written as text, which is not restored");
        }
        if (entry.kind() == EntryKind.SYMBOLIC_LINK) {
            check(entry, "time", posix.changeTime(folder, name, entry.status().modified()));
        }
    }

    /** Setuid and setgid mean the old owner: without him they are dropped. */
    private int permissions(TarEntry entry) {
        int permissions = entry.permissions();
        boolean dropped = !root && (permissions & 06000) != 0;
        if (dropped) {
            warn(entry.path() + " is restored without setuid and setgid, as its owner is");
        }
        return dropped ? permissions & ~06000 : permissions;
    }

    private void check(TarEntry entry, String what, int result) {
        if (result < 0) {
            warn("the " + what + " of " + entry.path() + " could not be restored: " + Posix.describe(-result));
        }
    }

    private void warn(String warning) {
        if (warnings.size() < LISTED_WARNINGS) {
            warnings.add(warning);
        } else {
            unlistedWarnings++;
        }
    }
}
