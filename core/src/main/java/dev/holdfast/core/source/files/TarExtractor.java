package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.TarEntry.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
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

    private final TarPlace target;
    private final Existing existing;
    private final TarSelection selection;
    private final Posix posix = new Posix();
    private final boolean root = posix.isRoot();
    private final byte[] copy = new byte[Posix.BUFFER_BYTES];
    /** Folders on the way to what is selected, not made before something in them is. */
    private final Deque<TarEntry> above = new ArrayDeque<>();
    /** Selected further names of files that are not selected, by the files' paths. */
    private final Map<String, List<String>> orphanLinks = new TreeMap<>();

    private final Deque<TarEntry> folders = new ArrayDeque<>();
    private final List<String> warnings = new ArrayList<>();
    private long unlistedWarnings;
    private long entries;
    private long contentBytes;
    private String openPath = "";
    private int openFolder = -1;
    private int targetFolder = -1;

    private TarExtractor(TarPlace target, Existing existing, TarSelection selection) {
        this.target = target;
        this.existing = existing;
        this.selection = selection;
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
        TarExtractor extractor = new TarExtractor(new TarPlace(target, ""), existing, TarSelection.of(selection));
        return extractor.run(new TarReader(archive), Optional.empty());
    }

    /**
     * The same for an archive that can be opened again, which happens when a further name of a file is selected and the file itself is not:
     * its content is then restored under that name. Where nothing is selected, nothing is made.
     */
    public static ExtractionReport extract(
            TarArchive archive, TarPlace place, Existing existing, TarSelection selection) throws IOException {
        TarExtractor extractor = new TarExtractor(place, existing, selection);
        try (InputStream in = archive.source().open()) {
            return extractor.run(new TarReader(in, archive.root()), Optional.of(archive));
        }
    }

    /** Tells of each entry in order, with nothing written. Reads the archive to its end. */
    public static void list(InputStream archive, TarRoot root, Consumer<TarEntry> entries) throws IOException {
        TarReader reader = new TarReader(archive, root);
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            entries.accept(entry.get());
        }
    }

    private ExtractionReport run(TarReader reader, Optional<TarArchive> again) throws IOException {
        try {
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                meet(entry.get(), reader, again.isPresent());
            }
            if (again.isPresent() && !orphanLinks.isEmpty()) {
                try (InputStream in = again.get().source().open()) {
                    restoreOrphanLinks(new TarReader(in, again.get().root()));
                }
            }
            // Modes and times of folders come last: a member that is made later needs the one and changes the other.
            while (!folders.isEmpty()) {
                finishFolder(folders.pop());
            }
        } finally {
            closeOpenFolder();
            if (targetFolder >= 0) {
                posix.close(targetFolder);
            }
        }
        if (unlistedWarnings > 0) {
            warnings.add("and " + unlistedWarnings + " more");
        }
        return new ExtractionReport(entries, contentBytes, List.copyOf(warnings), selection.unmatched());
    }

    private void meet(TarEntry entry, TarReader reader, boolean again) throws IOException {
        String path = inside(entry, entry.rawPath());
        while (!above.isEmpty() && !isAbove(above.peekLast(), path)) {
            above.removeLast();
        }
        switch (selection.match(path, entry.kind())) {
            case NO -> {}
            case ABOVE -> above.addLast(entry);
            case WANTED -> {
                if (targetFolder < 0) {
                    targetFolder = openTarget();
                }
                while (!above.isEmpty()) {
                    TarEntry folder = above.removeFirst();
                    restore(folder, inside(folder, folder.rawPath()), reader);
                }
                if (again && entry.kind() == EntryKind.HARD_LINK && isOrphan(entry, path)) {
                    orphanLinks
                            .computeIfAbsent(inside(entry, entry.rawLink()), file -> new ArrayList<>())
                            .add(path);
                } else {
                    restore(entry, path, reader);
                }
                entries++;
            }
        }
    }

    private static boolean isAbove(TarEntry folder, String path) {
        String name = TarSelection.normalized(folder.rawPath());
        return name.isEmpty() || path.startsWith(name + "/");
    }

    private boolean isOrphan(TarEntry link, String path) throws TarFormatException {
        String file = inside(link, link.rawLink());
        return !file.equals(path) && selection.match(file, EntryKind.HARD_LINK) == TarSelection.Match.NO;
    }

    private void restoreOrphanLinks(TarReader reader) throws IOException {
        for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
            TarEntry file = next.get();
            List<String> names = orphanLinks.get(inside(file, file.rawPath()));
            if (names == null || file.kind() != EntryKind.FILE) {
                continue;
            }
            orphanLinks.remove(inside(file, file.rawPath()));
            String first = names.getFirst();
            restoreFile(file, folder(parent(first)), name(first), reader);
            for (String more : names.subList(1, names.size())) {
                linkTo(file, first, folder(parent(more)), name(more));
            }
        }
        if (!orphanLinks.isEmpty()) {
            throw new TarFormatException("hard links of the archive lead to nothing: "
                    + ByteNames.display(orphanLinks.values().iterator().next().getFirst()));
        }
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private int openTarget() throws IOException {
        HostFolder folder = target.target();
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        int descriptor = posix.open(Posix.AT_FDCWD, folder.rawName(), flags, 0);
        if (descriptor == -Posix.ENOENT) {
            int made = posix.makeDirectory(Posix.AT_FDCWD, folder.rawName(), 0700);
            if (made < 0 && made != -Posix.EEXIST) {
                throw new PosixException("cannot make the folder " + folder, -made);
            }
            descriptor = posix.open(Posix.AT_FDCWD, folder.rawName(), flags, 0);
        }
        if (descriptor < 0) {
            throw new PosixException("cannot open the folder " + folder, -descriptor);
        }
        return target.rawBelow().isEmpty() ? descriptor : walkAndClose(descriptor, target.rawBelow());
    }

    private int walkAndClose(int from, String path) throws IOException {
        try {
            return walk(from, path, true);
        } finally {
            posix.close(from);
        }
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
        return TarSelection.normalized(path);
    }

    private void restore(TarEntry entry, String path, TarReader reader) throws IOException {
        if (path.isEmpty()) {
            if (entry.kind() != EntryKind.DIRECTORY) {
                throw new TarFormatException("the archive has something that is no folder in the folder's own place");
            }
            folders.push(entry);
            return;
        }
        String name = name(path);
        int folder = folder(parent(path));
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
        openFolder = walk(targetFolder, path, true);
        openPath = path;
        return openFolder;
    }

    private int walk(int from, String path, boolean make) throws IOException {
        int current = from;
        for (int at = 0; at < path.length(); ) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            String part = path.substring(at, end);
            int next = posix.open(current, part, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
            if (next == -Posix.ENOENT && make) {
                posix.makeDirectory(current, part, 0700);
                next = posix.open(current, part, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
            }
            if (current != from) {
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
        return created(entry, result);
    }

    private int created(TarEntry entry, int result) throws PosixException {
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
        String path = TarSelection.normalized(entry.rawPath());
        int descriptor = path.isEmpty() ? targetFolder : walk(targetFolder, path, false);
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

    /** A file in the place of another is written beside it and renamed: the old one is there until the new one is whole. */
    private void restoreFile(TarEntry entry, int folder, String name, TarReader reader) throws IOException {
        int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int opened = posix.open(folder, name, flags, 0600);
        boolean replaces = opened == -Posix.EEXIST && existing == Existing.REPLACE;
        String written = replaces ? ".holdfast-" + UUID.randomUUID() : name;
        int descriptor = opened == -Posix.EEXIST
                ? create(entry, folder, written, () -> posix.open(folder, written, flags, 0600))
                : created(entry, opened);
        boolean whole = false;
        try {
            writeFile(entry, folder, written, descriptor, reader);
            if (replaces) {
                rename(entry, folder, written, name);
            }
            whole = true;
        } finally {
            if (!whole) {
                posix.unlink(folder, written, 0);
            }
        }
    }

    private void rename(TarEntry entry, int folder, String from, String to) throws IOException {
        int result = posix.rename(folder, from, to);
        if (result == -Posix.EISDIR) {
            remove(entry, folder, to);
            result = posix.rename(folder, from, to);
        }
        if (result < 0) {
            throw new PosixException("cannot replace " + entry.path() + " in " + target, -result);
        }
    }

    /** Closes the descriptor, also when it fails. */
    private void writeFile(TarEntry entry, int folder, String name, int descriptor, TarReader reader)
            throws IOException {
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
        if (selection.match(from, EntryKind.HARD_LINK) == TarSelection.Match.NO) {
            warn(entry.path() + " is a further name of " + entry.link() + ", which was not selected: it is missing");
            return;
        }
        linkTo(entry, from, folder, name);
    }

    private void linkTo(TarEntry entry, String from, int folder, String name) throws IOException {
        String fromName = name(from);
        int fromFolder = parent(from).isEmpty() ? targetFolder : walk(targetFolder, parent(from), false);
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
