package dev.holdfast.core.source.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Selected further names of files that are not selected. */
final class OrphanLinks {
    private OrphanLinks() {}

    /** Their paths by the path of the file, found by reading the archive to its end; throws when one leads to nothing. */
    static Map<String, List<String>> of(TarArchive archive, TarSelection selection) throws IOException {
        Map<String, List<String>> orphans = new TreeMap<>();
        try (InputStream in = archive.source().open()) {
            TarReader reader = new TarReader(in, archive.root());
            for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
                TarEntry entry = next.get();
                if (entry.kind() == EntryKind.HARD_LINK && selection.match(entry) == TarSelection.Match.WANTED) {
                    String file = TarSelection.normalized(entry.rawLink());
                    if (selection.match(file, EntryKind.HARD_LINK) == TarSelection.Match.NO) {
                        orphans.computeIfAbsent(file, one -> new ArrayList<>())
                                .add(TarSelection.normalized(entry.rawPath()));
                    }
                }
            }
        }
        return orphans;
    }
}
