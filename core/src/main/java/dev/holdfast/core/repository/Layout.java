package dev.holdfast.core.repository;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where objects lie: {@code descriptor/<generation>}, {@code snapshots/<source>/<utc time>-<snapshot id>}, {@code packs/<source>/<pack
 * id>}. Snapshots stand apart from packs so that listing them never walks over the packs.
 */
final class Layout {
    static final String DESCRIPTORS = "descriptor/";
    static final String SNAPSHOTS = "snapshots/";
    static final String PACKS = "packs/";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Layout() {}

    static ObjectKey descriptor(int generation) {
        return new ObjectKey(DESCRIPTORS + "%08d".formatted(generation));
    }

    static ObjectKey snapshot(SourceName source, Instant time, SnapshotId id) {
        return new ObjectKey(snapshots(source) + TIME.format(time) + "-" + id);
    }

    static String snapshots(SourceName source) {
        return SNAPSHOTS + source + "/";
    }

    static ObjectKey pack(SourceName source, PackId id) {
        return new ObjectKey(packs(source) + id);
    }

    static String packs(SourceName source) {
        return PACKS + source + "/";
    }
}
