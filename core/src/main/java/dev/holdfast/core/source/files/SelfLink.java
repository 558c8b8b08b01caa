package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.TarHeaders.Entry;
import dev.holdfast.core.source.files.TarHeaders.Names;
import dev.holdfast.core.source.files.TarHeaders.Sparse;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** An archive of a hard link to itself: whoever extracts it removes what is in its place and then fails. */
public final class SelfLink {
    private static final int END_MARK_BYTES = 2 * TarHeaders.BLOCK;

    private SelfLink() {}

    /** The archive for the path of an entry, byte for byte. */
    public static byte[] tar(TarEntry entry) {
        String path = withoutSlash(entry);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TarHeaders(Names.NONE).append(new Entry(path, '1', entry.status(), 0, path, Map.of(), Sparse.NONE), out);
        out.write(new byte[END_MARK_BYTES], 0, END_MARK_BYTES);
        return out.toByteArray();
    }

    /** How many folders an entry lies below the archive's root: 0 for {@code a}, 1 for {@code a/b} and {@code a/b/}. */
    public static int depth(TarEntry entry) {
        return (int) withoutSlash(entry).chars().filter(c -> c == '/').count();
    }

    private static String withoutSlash(TarEntry entry) {
        String path = entry.rawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
