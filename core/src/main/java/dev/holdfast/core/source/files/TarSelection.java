package dev.holdfast.core.source.files;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Paths of an archive that are wanted, each with all below it. Written as {@link TarEntry#path()} shows them: {@code \xNN} is one byte. It
 * notes which were found.
 */
public final class TarSelection {
    /** What a path of the archive is to the selection. */
    public enum Match {
        WANTED,
        /** A folder on the way to something wanted. */
        ABOVE,
        NO
    }

    private final List<String> wanted;
    private final Set<String> found = new HashSet<>();

    private TarSelection(List<String> wanted) {
        this.wanted = wanted;
    }

    /**
     * A selection of these paths; of everything when there are none.
     *
     * @throws IllegalArgumentException for a path with a part {@code ..}
     */
    public static TarSelection of(List<String> paths) {
        return new TarSelection(paths.stream().map(TarSelection::raw).toList());
    }

    private static String raw(String path) {
        if (List.of(path.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("the path " + path + " has a part .., which is in no archive");
        }
        return normalized(ByteNames.ofDisplay(path));
    }

    /** Whether everything is wanted. */
    public boolean isAll() {
        return wanted.isEmpty();
    }

    /** Whether the entry is wanted, and notes what of the selection was found with it. */
    public Match match(TarEntry entry) {
        return match(normalized(entry.rawPath()), entry.kind());
    }

    Match match(String path, EntryKind kind) {
        if (wanted.isEmpty()) {
            return Match.WANTED;
        }
        Match match = Match.NO;
        for (String one : wanted) {
            if (one.isEmpty() || path.equals(one) || path.startsWith(one + "/")) {
                found.add(one);
                match = Match.WANTED;
            } else if (match == Match.NO
                    && kind == EntryKind.DIRECTORY
                    && (path.isEmpty() || one.startsWith(path + "/"))) {
                match = Match.ABOVE;
            }
        }
        return match;
    }

    /** The selected paths that nothing matched so far. */
    public List<String> unmatched() {
        return wanted.stream()
                .filter(path -> !found.contains(path))
                .map(ByteNames::display)
                .toList();
    }

    /** Without {@code .} parts, and slashes at the beginning and end; the folder itself is empty. */
    static String normalized(String path) {
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
}
