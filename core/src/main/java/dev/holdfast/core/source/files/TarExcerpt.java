package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.TarEntry.Extent;
import dev.holdfast.core.source.files.TarHeaders.Entry;
import dev.holdfast.core.source.files.TarHeaders.Sparse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is selected of an archive, as an archive below the same root, for a reader that takes whole archives only: with the folders above it, and with
 * the content of a file under the first of its further names when the file itself is not selected. Holes become zeros. Holds 64 KiB.
 */
public final class TarExcerpt extends InputStream {
    private static final int PIECE_BYTES = 64 << 10;

    private final TarRoot root;
    private final TarSelection selection;
    private final Map<String, List<String>> orphans;
    private final InputStream in;
    private final TarReader reader;
    private final TarHeaders headers = new TarHeaders(TarHeaders.Names.NONE);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(2 * PIECE_BYTES);
    private final Deque<TarEntry> above = new ArrayDeque<>();
    private final byte[] piece = new byte[PIECE_BYTES];
    private Optional<Body> body = Optional.empty();
    private byte[] ready = new byte[0];
    private int taken;
    private boolean ended;

    /** The content that is copied now, and the further names that come after it. */
    private static final class Body {
        final TarEntry file;
        final List<String> names;
        int extent;
        long extentDone;
        long at;

        Body(TarEntry file, List<String> names) {
            this.file = file;
            this.names = names;
        }
    }

    private TarExcerpt(TarArchive archive, TarSelection selection, Map<String, List<String>> orphans)
            throws IOException {
        this.root = archive.root();
        this.selection = selection;
        this.orphans = orphans;
        this.in = archive.source().open();
        this.reader = new TarReader(in, root);
    }

    /** Reads the archive once to find the further names, and opens it again. */
    public static TarExcerpt of(TarArchive archive, TarSelection selection) throws IOException {
        return new TarExcerpt(archive, selection, OrphanLinks.of(archive, selection));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (taken == ready.length) {
            if (ended) {
                return -1;
            }
            advance();
            ready = out.toByteArray();
            taken = 0;
            out.reset();
        }
        int count = Math.min(length, ready.length - taken);
        System.arraycopy(ready, taken, target, offset, count);
        taken += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void advance() throws IOException {
        if (body.isPresent()) {
            copy(body.get());
            return;
        }
        Optional<TarEntry> next = reader.next();
        if (next.isEmpty()) {
            out.writeBytes(new byte[2 * TarHeaders.BLOCK]);
            ended = true;
            return;
        }
        meet(next.get());
    }

    private void meet(TarEntry entry) {
        String path = TarSelection.normalized(entry.rawPath());
        above.removeIf(folder -> !isAbove(folder, path));
        List<String> names = orphans.getOrDefault(path, List.of());
        if (entry.kind() == EntryKind.FILE && !names.isEmpty()) {
            begin(entry, names.getFirst(), names.subList(1, names.size()));
            return;
        }
        switch (selection.match(path, entry.kind())) {
            case NO -> {}
            case ABOVE -> above.addLast(entry);
            case WANTED -> {
                while (!above.isEmpty()) {
                    TarEntry folder = above.removeFirst();
                    header(folder, folder.rawPath(), folder.rawLink());
                }
                if (entry.kind() == EntryKind.FILE) {
                    begin(entry, path, List.of());
                } else if (entry.kind() != EntryKind.HARD_LINK || !isOrphan(entry)) {
                    header(entry, entry.rawPath(), entry.rawLink());
                }
            }
        }
    }

    private boolean isOrphan(TarEntry link) {
        return orphans.containsKey(TarSelection.normalized(link.rawLink()));
    }

    private static boolean isAbove(TarEntry folder, String path) {
        String name = TarSelection.normalized(folder.rawPath());
        return name.isEmpty() || path.startsWith(name + "/");
    }

    private void begin(TarEntry file, String path, List<String> furtherNames) {
        header(file, path, "");
        body = Optional.of(new Body(file, furtherNames));
    }

    private void header(TarEntry entry, String path, String link) {
        char type = type(entry.kind());
        String target = entry.kind() == EntryKind.HARD_LINK ? root.written(link) : link;
        long size = entry.kind() == EntryKind.FILE ? entry.size() : 0;
        headers.append(
                new Entry(root.written(path), type, entry.status(), size, target, entry.attributes(), Sparse.NONE),
                out);
    }

    private static char type(EntryKind kind) {
        return switch (kind) {
            case FILE -> '0';
            case HARD_LINK -> '1';
            case SYMBOLIC_LINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }

    /** One piece of the content: zeros up to the next extent, or some of that. */
    private void copy(Body current) throws IOException {
        List<Extent> extents = current.file.extents();
        if (current.extent == extents.size()) {
            zeros(current, current.file.size() - current.at);
            if (current.at == current.file.size()) {
                end(current);
            }
            return;
        }
        Extent extent = extents.get(current.extent);
        if (current.at < extent.offset()) {
            zeros(current, extent.offset() - current.at);
            return;
        }
        if (current.extentDone == extent.length()) {
            current.extent++;
            current.extentDone = 0;
            return;
        }
        int got = reader.read(piece, (int) Math.min(piece.length, extent.length() - current.extentDone));
        if (got < 0) {
            throw new TarFormatException("the content of " + current.file.path() + " is shorter than its size");
        }
        out.write(piece, 0, got);
        current.extentDone += got;
        current.at += got;
    }

    private void zeros(Body current, long wanted) {
        int count = (int) Math.min(PIECE_BYTES, wanted);
        out.write(new byte[count], 0, count);
        current.at += count;
    }

    private void end(Body done) {
        TarHeaders.pad(out, done.file.size());
        body = Optional.empty();
        List<String> all = orphans.getOrDefault(TarSelection.normalized(done.file.rawPath()), List.of());
        for (String name : done.names) {
            headers.append(
                    new Entry(
                            root.written(name),
                            '1',
                            done.file.status(),
                            0,
                            root.written(all.getFirst()),
                            Map.of(),
                            Sparse.NONE),
                    out);
        }
    }
}
