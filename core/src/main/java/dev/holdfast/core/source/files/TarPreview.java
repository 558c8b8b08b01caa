package dev.holdfast.core.source.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the extraction of an archive would do.
 *
 * @param entries it would restore, without the folders above them
 * @param contentBytes of the files, holes included
 * @param replaced how many names are taken now, by anything but a folder that meets a folder
 * @param firstReplaced the first 20 of them, as paths below the archive's folder
 * @param unmatched selected paths that no entry matches
 */
public record TarPreview(
        long entries, long contentBytes, long replaced, List<String> firstReplaced, List<String> unmatched) {
    private static final int LISTED = 20;

    /** Reads the archive to its end and looks at each name in its place; changes nothing. */
    public static TarPreview of(TarArchive archive, TarPlace place, TarSelection selection) throws IOException {
        Posix posix = new Posix();
        String folder = place.rawName();
        long entries = 0;
        long bytes = 0;
        long replaced = 0;
        List<String> first = new ArrayList<>();
        try (InputStream in = archive.source().open()) {
            TarReader reader = new TarReader(in, archive.root());
            for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
                TarEntry entry = next.get();
                if (selection.match(entry) != TarSelection.Match.WANTED) {
                    continue;
                }
                entries++;
                bytes += entry.kind() == EntryKind.FILE ? entry.size() : 0;
                if (isTaken(posix, folder + "/" + TarSelection.normalized(entry.rawPath()), entry.kind())) {
                    replaced++;
                    if (first.size() < LISTED) {
                        first.add(entry.path());
                    }
                }
            }
        }
        return new TarPreview(entries, bytes, replaced, List.copyOf(first), selection.unmatched());
    }

    /** A name that cannot be looked at counts as taken. */
    private static boolean isTaken(Posix posix, String path, EntryKind kind) {
        try {
            boolean folder = posix.status(Posix.AT_FDCWD, path).type() == FileStatus.DIRECTORY;
            return !folder || kind != EntryKind.DIRECTORY;
        } catch (PosixException e) {
            return e.code() != Posix.ENOENT && e.code() != Posix.ENOTDIR;
        }
    }
}
