package dev.holdfast.core.source.files;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.files.FolderReport.Finding;
import dev.holdfast.core.source.files.Posix.DirectoryEntry;
import dev.holdfast.core.source.files.TarHeaders.Entry;
import dev.holdfast.core.source.files.TarHeaders.Sparse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder as a tar, made while it is read: no thread, no pipe. Depth first, names in the order of their bytes, so that an unchanged tree
 * gives the same bytes again. Folders are opened relative to the folder above, and no symbolic link is followed.
 */
final class TarStream extends InputStream {
    private static final int FILL_BYTES = 64 * 1024;
    /** Holes shorter than this are read as zeros, which bounds the map of a file in pieces. */
    private static final long SHORTEST_HOLE_BYTES = 64 * 1024;
    /** Archives end with two blocks of zeros, and are a multiple of 20 blocks. */
    private static final int RECORD_BYTES = 20 * TarHeaders.BLOCK;

    private final Posix posix = new Posix();
    private final PathRules rules;
    private final Mounts mounts;
    private final TarRoot root;
    private final FolderReport report;
    private final TarHeaders headers;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final Map<Inode, String> linked = new HashMap<>();
    private final Pending out = new Pending();
    private @Nullable Body body;
    private @Nullable IOException failure;
    private long produced;
    private boolean ended;
    private boolean closed;

    private record Inode(long device, long number) {}

    /** Bytes that are made and not yet read. */
    private static final class Pending extends ByteArrayOutputStream {
        private int start;

        Pending() {
            super(Posix.BUFFER_BYTES + FILL_BYTES);
        }

        int available() {
            return count - start;
        }

        int take(byte[] target, int offset, int length) {
            int taken = Math.min(length, available());
            System.arraycopy(buf, start, target, offset, taken);
            start += taken;
            if (start == count) {
                start = 0;
                count = 0;
            }
            return taken;
        }

        void append(MemorySegment source, long length) {
            int wanted = count + (int) length;
            if (wanted > buf.length) {
                buf = Arrays.copyOf(buf, Math.max(wanted, buf.length * 2));
            }
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, buf, count, (int) length);
            count = wanted;
        }

        void zeros(long length) {
            write(new byte[(int) length], 0, (int) length);
        }
    }

    /** An open folder and how far it was walked. */
    private static final class Frame {
        final int descriptor;
        final String path;
        final FileStatus status;
        final Map<String, byte[]> attributes;
        final List<DirectoryEntry> entries;
        final boolean included;
        boolean written;
        int next;

        Frame(
                int descriptor,
                String path,
                FileStatus status,
                Map<String, byte[]> attributes,
                List<DirectoryEntry> entries,
                boolean included) {
            this.descriptor = descriptor;
            this.path = path;
            this.status = status;
            this.attributes = attributes;
            this.entries = entries;
            this.included = included;
        }

        String pathOf(String name) {
            return path.isEmpty() ? name : path + "/" + name;
        }
    }

    private record Extent(long offset, long length) {}

    /** The content of the file whose header was written last. */
    private static final class Body {
        final int descriptor;
        final String path;
        final FileStatus status;
        final List<Extent> extents;
        long archivedBytes;
        int extent;
        long extentDone;
        boolean ended;
        boolean damaged;

        Body(int descriptor, String path, FileStatus status, List<Extent> extents) {
            this.descriptor = descriptor;
            this.path = path;
            this.status = status;
            this.extents = extents;
        }
    }

    private TarStream(PathRules rules, Mounts mounts, TarRoot root, FolderReport report) {
        this.rules = rules;
        this.mounts = mounts;
        this.root = root;
        this.report = report;
        this.headers = new TarHeaders(root.equals(TarRoot.NONE) ? new HostNames(posix) : TarHeaders.Names.NONE);
    }

    /**
     * Begins to read a folder. With a root of its own an archive names owners by their numbers alone: it is of a container's files, and the
     * names of this host are not theirs.
     *
     * @throws DumpFailedException when the folder itself cannot be read
     */
    static TarStream open(HostFolder folder, PathRules rules, Mounts mounts, TarRoot root, FolderReport report)
            throws IOException {
        TarStream stream = new TarStream(rules, mounts, root, report);
        int descriptor = openFolder(stream.posix, folder);
        try {
            FileStatus status = stream.posix.status(descriptor);
            stream.enter(descriptor, "", status, rules.includes("", true));
            return stream;
        } catch (PosixException e) {
            stream.posix.close(descriptor);
            throw new DumpFailedException("the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Its descriptor, for the caller to close. */
    static int openFolder(Posix posix, HostFolder folder) throws DumpFailedException {
        int descriptor = posix.openToRead(Posix.AT_FDCWD, folder.rawName(), Posix.O_DIRECTORY);
        if (descriptor < 0) {
            throw new DumpFailedException("the folder " + folder + " cannot be opened: " + Posix.describe(-descriptor));
        }
        return descriptor;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended && out.available() < Math.min(length, FILL_BYTES)) {
                advance();
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        int taken = out.take(target, offset, length);
        produced += taken;
        return taken == 0 ? -1 : taken;
    }

    @Override
    public int available() {
        return out.available();
    }

    @Override
    public void close() {
        closed = true;
        if (body != null) {
            posix.close(body.descriptor);
            body = null;
        }
        frames.forEach(frame -> posix.close(frame.descriptor));
        frames.clear();
    }

    private void advance() throws IOException {
        Frame frame = frames.peek();
        if (body != null) {
            continueBody(body);
        } else if (frame == null) {
            out.zeros(2L * TarHeaders.BLOCK);
            out.zeros(Math.floorMod(-(produced + out.available()), (long) RECORD_BYTES));
            ended = true;
        } else if (frame.next == frame.entries.size()) {
            posix.close(frames.pop().descriptor);
        } else {
            visit(frame, frame.entries.get(frame.next++));
        }
    }

    private void visit(Frame frame, DirectoryEntry entry) {
        String path = frame.pathOf(entry.name());
        try {
            int type = entry.type();
            if (type == 0) {
                type = posix.status(frame.descriptor, entry.name()).type();
            }
            boolean folder = type == FileStatus.DIRECTORY;
            if (rules.excludes(path, folder)) {
                report.found(Finding.EXCLUDED, path, "");
                return;
            }
            boolean included = frame.included || rules.includes(path, folder);
            if (folder) {
                visitFolder(frame, entry.name(), path, included);
            } else if (included && type == FileStatus.REGULAR) {
                visitFile(frame, entry.name(), path);
            } else if (included) {
                visitOther(frame, entry.name(), path);
            }
        } catch (PosixException e) {
            notRead(path, e.code(), e.getMessage());
        }
    }

    private void notRead(String path, int code, @Nullable String message) {
        if (code == Posix.ENOENT) {
            report.found(Finding.VANISHED, path, "");
        } else {
            report.found(Finding.UNREADABLE, path, String.valueOf(message));
        }
    }

    private void visitFolder(Frame parent, String name, String path, boolean included) throws PosixException {
        int descriptor = posix.openToRead(parent.descriptor, name, Posix.O_DIRECTORY | Posix.O_NOFOLLOW);
        if (descriptor < 0) {
            notRead(path, -descriptor, "cannot open: " + Posix.describe(-descriptor));
            if (descriptor != -Posix.ENOENT && included) {
                // Its content is missing, but its owner, mode and time need not be.
                FileStatus status = posix.status(parent.descriptor, name);
                if (status.type() == FileStatus.DIRECTORY) {
                    append(EntryKind.DIRECTORY, path + "/", '5', status, 0, "", Map.of(), Sparse.NONE);
                }
            }
            return;
        }
        boolean entered = false;
        try {
            FileStatus status = posix.status(descriptor);
            if (mounts == Mounts.STAY && status.device() != parent.status.device()) {
                report.found(Finding.OTHER_FILE_SYSTEM, path, "");
                if (included) {
                    append(
                            EntryKind.DIRECTORY,
                            path + "/",
                            '5',
                            status,
                            0,
                            "",
                            attributes(descriptor, path),
                            Sparse.NONE);
                }
                return;
            }
            enter(descriptor, path, status, included);
            entered = true;
        } finally {
            if (!entered) {
                posix.close(descriptor);
            }
        }
    }

    private void enter(int descriptor, String path, FileStatus status, boolean included) throws PosixException {
        List<DirectoryEntry> entries;
        Map<String, byte[]> attributes = attributes(descriptor, path);
        try {
            entries = posix.entries(descriptor);
        } catch (PosixException e) {
            if (path.isEmpty()) {
                throw e;
            }
            report.found(Finding.UNREADABLE, path, String.valueOf(e.getMessage()));
            entries = new ArrayList<>();
        }
        entries.sort(null);
        frames.push(new Frame(descriptor, path, status, attributes, entries, included));
        if (included) {
            writeFolders();
        }
    }

    /** Folders above an included entry are written when the first such entry appears. */
    private void writeFolders() {
        Frame top = frames.peek();
        if (top == null || top.written) {
            return;
        }
        frames.descendingIterator().forEachRemaining(frame -> {
            if (!frame.written) {
                frame.written = true;
                appendHeader(
                        EntryKind.DIRECTORY,
                        frame.path.isEmpty() ? "./" : frame.path + "/",
                        '5',
                        frame.status,
                        0,
                        "",
                        frame.attributes,
                        Sparse.NONE);
            }
        });
    }

    private void visitFile(Frame frame, String name, String path) throws PosixException {
        int descriptor = posix.openToRead(frame.descriptor, name, Posix.O_NOFOLLOW | Posix.O_NONBLOCK);
        if (descriptor < 0) {
            boolean swapped = descriptor == -Posix.ELOOP || descriptor == -Posix.ENXIO;
            if (swapped) {
                report.found(Finding.CHANGED, path, "was replaced by something else, and is missing");
            } else {
                notRead(path, -descriptor, "cannot open: " + Posix.describe(-descriptor));
            }
            return;
        }
        boolean handedOver = false;
        try {
            FileStatus status = posix.status(descriptor);
            if (status.type() != FileStatus.REGULAR) {
                report.found(Finding.CHANGED, path, "was replaced by something else, and is missing");
            } else if (mounts == Mounts.STAY && status.device() != frame.status.device()) {
                report.found(Finding.OTHER_FILE_SYSTEM, path, "");
            } else if (!isFurtherName(path, status, Map.of())) {
                handedOver = startBody(descriptor, path, status);
            }
        } finally {
            if (!handedOver) {
                posix.close(descriptor);
            }
        }
    }

    private boolean isFurtherName(String path, FileStatus status, Map<String, byte[]> attributes) {
        if (status.links() < 2) {
            return false;
        }
        String earlier = linked.get(new Inode(status.device(), status.inode()));
        if (earlier == null) {
            return false;
        }
        append(EntryKind.HARD_LINK, path, '1', status, 0, earlier, attributes, Sparse.NONE);
        return true;
    }

    private void remember(String path, FileStatus status) {
        if (status.links() > 1) {
            linked.put(new Inode(status.device(), status.inode()), path);
        }
    }

    /** Writes the header of a file and begins its content; false when the file is done, or cannot be read at all. */
    private boolean startBody(int descriptor, String path, FileStatus status) throws PosixException {
        Map<String, byte[]> attributes = attributes(descriptor, path);
        if (status.size() > 0 && status.blocks() * 512 < status.size()) {
            List<Extent> extents = extents(descriptor, status.size());
            if (extents.size() != 1 || extents.getFirst().length() != status.size()) {
                startSparse(descriptor, path, status, attributes, extents);
                return true;
            }
        }
        long first = posix.read(descriptor, 0, Math.min(status.size(), Posix.BUFFER_BYTES));
        if (first < 0) {
            report.found(Finding.UNREADABLE, path, "cannot read: " + Posix.describe((int) -first));
            return false;
        }
        boolean cut = first == 0 && status.size() > 0;
        long size = cut ? 0 : status.size();
        remember(path, status);
        append(EntryKind.FILE, path, '0', status, size, "", attributes, Sparse.NONE);
        out.append(posix.buffer(), first);
        report.content(first);
        Body started = new Body(descriptor, path, status, List.of(new Extent(0, size)));
        started.archivedBytes = first;
        started.extentDone = first;
        started.ended = cut;
        if (first < size) {
            body = started;
            return true;
        }
        finish(started);
        return false;
    }

    private void startSparse(
            int descriptor, String path, FileStatus status, Map<String, byte[]> attributes, List<Extent> extents)
            throws PosixException {
        StringBuilder map = new StringBuilder().append(extents.size()).append('\n');
        long size = 0;
        for (Extent extent : extents) {
            map.append(extent.offset()).append('\n').append(extent.length()).append('\n');
            size += extent.length();
        }
        byte[] mapBytes = ByteNames.bytes(map.toString());
        long mapSize = (long) mapBytes.length + TarHeaders.padding(mapBytes.length);
        remember(path, status);
        append(EntryKind.FILE, path, '0', status, mapSize + size, "", attributes, new Sparse(status.size()));
        out.writeBytes(mapBytes);
        TarHeaders.pad(out, mapBytes.length);
        report.sparse();
        body = new Body(descriptor, path, status, extents);
        posix.seek(descriptor, extents.getFirst().offset(), Posix.SEEK_SET);
    }

    /** The pieces with data; a hole at the end shows as a last piece of no length, as GNU tar writes it. */
    private List<Extent> extents(int descriptor, long size) {
        List<Extent> extents = new ArrayList<>();
        long at = 0;
        while (at < size) {
            long data = posix.seek(descriptor, at, Posix.SEEK_DATA);
            if (data == -Posix.ENXIO) {
                break;
            }
            long hole = data < 0 ? -1 : posix.seek(descriptor, data, Posix.SEEK_HOLE);
            if (hole <= data) { // the file system does not tell, or the file is being cut
                posix.seek(descriptor, 0, Posix.SEEK_SET);
                return List.of(new Extent(0, size));
            }
            long end = Math.min(hole, size);
            Extent last = extents.isEmpty() ? null : extents.getLast();
            if (data >= size) {
                break;
            }
            if (last != null && data - (last.offset() + last.length()) < SHORTEST_HOLE_BYTES) {
                extents.set(extents.size() - 1, new Extent(last.offset(), end - last.offset()));
            } else if (last == null && data < SHORTEST_HOLE_BYTES) {
                extents.add(new Extent(0, end));
            } else {
                extents.add(new Extent(data, end - data));
            }
            at = end;
        }
        if (extents.isEmpty() || extents.getLast().offset() + extents.getLast().length() < size) {
            extents.add(new Extent(size, 0));
        }
        posix.seek(descriptor, 0, Posix.SEEK_SET);
        return extents;
    }

    private void continueBody(Body current) throws PosixException {
        if (current.extent == current.extents.size()) {
            body = null;
            try {
                finish(current);
            } finally {
                posix.close(current.descriptor);
            }
            return;
        }
        Extent extent = current.extents.get(current.extent);
        long wanted = Math.min(extent.length() - current.extentDone, Posix.BUFFER_BYTES);
        long got = current.ended || wanted == 0 ? 0 : posix.read(current.descriptor, 0, wanted);
        if (got < 0) {
            report.found(Finding.DAMAGED, current.path, "cannot read: " + Posix.describe((int) -got));
            current.damaged = true;
            current.ended = true;
            got = 0;
        }
        if (got > 0) {
            out.append(posix.buffer(), got);
            report.content(got);
        } else {
            // The file ends before its declared size: the tar must not.
            current.ended |= wanted > 0;
            got = wanted;
            out.zeros(got);
        }
        current.extentDone += got;
        current.archivedBytes += got;
        if (current.extentDone == extent.length()) {
            current.extent++;
            current.extentDone = 0;
            if (current.extent < current.extents.size()) {
                posix.seek(
                        current.descriptor, current.extents.get(current.extent).offset(), Posix.SEEK_SET);
            }
        }
    }

    private void finish(Body done) throws PosixException {
        TarHeaders.pad(out, done.archivedBytes);
        FileStatus now = posix.status(done.descriptor);
        if (!now.sameContentAs(done.status)) {
            report.found(
                    Finding.CHANGED,
                    done.path,
                    now.size() == done.status.size()
                            ? ""
                            : "from " + done.status.size() + " to " + now.size() + " bytes");
        } else if (done.ended && !done.damaged) {
            report.found(Finding.CHANGED, done.path, "ended before its size");
        }
    }

    private void visitOther(Frame frame, String name, String path) throws PosixException {
        FileStatus status = posix.status(frame.descriptor, name);
        if (mounts == Mounts.STAY && status.device() != frame.status.device()) {
            report.found(Finding.OTHER_FILE_SYSTEM, path, "");
            return;
        }
        if (status.type() == FileStatus.SOCKET) {
            report.found(Finding.SOCKET, path, "");
            return;
        }
        Map<String, byte[]> attributes;
        try {
            attributes = posix.attributes(frame.descriptor, name);
        } catch (PosixException e) {
            report.found(Finding.ATTRIBUTES_UNREADABLE, path, String.valueOf(e.getMessage()));
            attributes = Map.of();
        }
        if (isFurtherName(path, status, Map.of())) {
            return;
        }
        switch (status.type()) {
            case FileStatus.SYMBOLIC_LINK -> {
                String target = posix.readLink(frame.descriptor, name);
                append(EntryKind.SYMBOLIC_LINK, path, '2', status, 0, target, attributes, Sparse.NONE);
            }
            case FileStatus.CHARACTER_DEVICE ->
                append(EntryKind.CHARACTER_DEVICE, path, '3', status, 0, "", attributes, Sparse.NONE);
            case FileStatus.BLOCK_DEVICE ->
                append(EntryKind.BLOCK_DEVICE, path, '4', status, 0, "", attributes, Sparse.NONE);
            case FileStatus.FIFO -> append(EntryKind.FIFO, path, '6', status, 0, "", attributes, Sparse.NONE);
            default -> {
                report.found(Finding.CHANGED, path, "was replaced by something else, and is missing");
                return;
            }
        }
        remember(path, status);
    }

    private Map<String, byte[]> attributes(int descriptor, String path) {
        try {
            return posix.attributes(descriptor);
        } catch (PosixException e) {
            report.found(Finding.ATTRIBUTES_UNREADABLE, path, String.valueOf(e.getMessage()));
            return Map.of();
        }
    }

    private void append(
            EntryKind kind,
            String path,
            char type,
            FileStatus status,
            long size,
            String link,
            Map<String, byte[]> attributes,
            Sparse sparse) {
        writeFolders();
        appendHeader(kind, path, type, status, size, link, attributes, sparse);
    }

    private void appendHeader(
            EntryKind kind,
            String path,
            char type,
            FileStatus status,
            long size,
            String link,
            Map<String, byte[]> attributes,
            Sparse sparse) {
        report.entry(kind, path);
        String target = kind == EntryKind.HARD_LINK ? root.written(link) : link;
        headers.append(new Entry(root.written(path), type, status, size, target, attributes, sparse), out);
    }
}
