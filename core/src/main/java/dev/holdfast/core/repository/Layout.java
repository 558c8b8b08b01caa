package dev.holdfast.core.repository;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where objects lie: {@code descriptor/<generation>}, {@code snapshots/<source>/<utc time>-<snapshot id>}, {@code packs/<source>/<pack
 * id>}, {@code holds/<source>/<snapshot id>}. Snapshots stand apart from packs so that listing them never walks over the packs.
 */
final class Layout {
    static final String DESCRIPTORS = "descriptor/";
    static final String SNAPSHOTS = "snapshots/";
    static final String PACKS = "packs/";
    static final String HOLDS = "holds/";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Pattern DESCRIPTOR = Pattern.compile("descriptor/[0-9]{8}");
    private static final Pattern SNAPSHOT = Pattern.compile("([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{16}");

    private Layout() {}

    /** Objects of other names may lie there, left by a desktop or a sync tool: they are passed over. */
    static boolean isDescriptor(ObjectKey key) {
        return DESCRIPTOR.matcher(key.text()).matches();
    }

    /** Whether a key is that of a snapshot, by its form. */
    static boolean isSnapshot(ObjectKey key) {
        return source(key).isPresent()
                && key.text().startsWith(SNAPSHOTS)
                && finished(key).isPresent();
    }

    /** The time in the name of a snapshot. */
    static Optional<Instant> finished(ObjectKey key) {
        Matcher name = SNAPSHOT.matcher(key.name());
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TIME.parse(name.group(1), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The source in the key of a pack or snapshot; empty when the key cannot be one. */
    static Optional<SourceName> source(ObjectKey key) {
        String[] parts = key.text().split("/", -1);
        try {
            return parts.length == 3 ? Optional.of(new SourceName(parts[1])) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

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

    static ObjectKey hold(SourceName source, SnapshotId id) {
        return new ObjectKey(holds(source) + id);
    }

    static String holds(SourceName source) {
        return HOLDS + source + "/";
    }

    /** The snapshot that a key of a hold names; empty when the key cannot be one. */
    static Optional<SnapshotId> held(ObjectKey key) {
        try {
            return Optional.of(new SnapshotId(key.name()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
