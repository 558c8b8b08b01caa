package dev.holdfast.core.source.files;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was in an archive that was read to its end.
 *
 * @param entries by kind
 * @param contentBytes of files, holes included; each file once, however many names it has
 * @param archiveBytes of the archive itself
 * @param sha256 of the archive, in hex
 */
public record TarReport(Map<EntryKind, Long> entries, long contentBytes, long archiveBytes, String sha256) {
    public TarReport {
        entries = Map.copyOf(entries);
    }

    /** Entries of every kind together. */
    public long count() {
        return entries.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The kinds as an evidence names them. */
    public Map<String, Object> kinds() {
        Map<String, Object> kinds = new TreeMap<>();
        entries.forEach((kind, count) -> kinds.put(kind.name().toLowerCase(Locale.ROOT), count));
        return kinds;
    }
}
