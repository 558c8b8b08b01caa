package dev.holdfast.core.source.files;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What happened while a folder was read: counts, and the first paths of each finding. */
final class FolderReport {
    /** So many paths of each finding are listed; all are counted. */
    static final int LISTED = 100;

    enum Finding {
        /** Could not be opened, listed or read: missing in the tar. */
        UNREADABLE("could not be read and are missing"),
        /** Failed in the middle: the rest is zeros in the tar. */
        DAMAGED("failed while they were read; their rest is zeros"),
        /** Written to, cut or replaced while it was read. */
        CHANGED("changed while they were read"),
        /** Listed, and gone when it was opened. */
        VANISHED("vanished before they were read"),
        /** Extended attributes could not be read: the entry is there without them. */
        ATTRIBUTES_UNREADABLE("are kept without their extended attributes, which could not be read"),
        SOCKET("are sockets, which are not kept"),
        OTHER_FILE_SYSTEM("lie on another file system and were not entered"),
        EXCLUDED("are excluded");

        private final String text;

        Finding(String text) {
            this.text = text;
        }

        /** Whether a user must hear of it, beyond the evidence. */
        boolean isWarning() {
            return switch (this) {
                case UNREADABLE, DAMAGED, CHANGED, VANISHED, ATTRIBUTES_UNREADABLE -> true;
                case SOCKET, OTHER_FILE_SYSTEM, EXCLUDED -> false;
            };
        }
    }

    private final Map<EntryKind, Long> entries = new EnumMap<>(EntryKind.class);
    private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);
    private final Map<Finding, List<String>> paths = new EnumMap<>(Finding.class);
    private long contentBytes;
    private long sparseFiles;
    private long namesOutsideUtf8;

    void entry(EntryKind kind, String path) {
        entries.merge(kind, 1L, Long::sum);
        if (!ByteNames.isUtf8(path)) {
            namesOutsideUtf8++;
        }
    }

    void content(long bytes) {
        contentBytes += bytes;
    }

    void sparse() {
        sparseFiles++;
    }

    void found(Finding finding, String path, String detail) {
        counts.merge(finding, 1L, Long::sum);
        List<String> listed = paths.computeIfAbsent(finding, f -> new ArrayList<>());
        if (listed.size() < LISTED) {
            listed.add(ByteNames.display(path.isEmpty() ? "." : path) + (detail.isEmpty() ? "" : " (" + detail + ")"));
        }
    }

    /** The count of each finding, and its first paths. */
    Map<String, Object> findings() {
        Map<String, Object> findings = new LinkedHashMap<>();
        counts.forEach((finding, count) -> findings.put(
                finding.name().toLowerCase(Locale.ROOT),
                Map.of("count", count, "paths", List.copyOf(paths.getOrDefault(finding, List.of())))));
        return findings;
    }

    Map<String, Object> evidence() {
        Map<String, Object> kinds = new LinkedHashMap<>();
        entries.forEach((kind, count) -> kinds.put(kind.name().toLowerCase(Locale.ROOT), count));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("entries", kinds);
        evidence.put("contentBytes", contentBytes);
        evidence.put("sparseFiles", sparseFiles);
        evidence.put("namesOutsideUtf8", namesOutsideUtf8);
        evidence.put("findings", findings());
        return evidence;
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        counts.forEach((finding, count) -> {
            if (finding.isWarning()) {
                List<String> listed = paths.getOrDefault(finding, List.of());
                warnings.add(count + " paths " + finding.text + ": "
                        + String.join(", ", listed.subList(0, Math.min(3, listed.size())))
                        + (count > 3 ? ", …" : ""));
            }
        });
        return warnings;
    }
}
