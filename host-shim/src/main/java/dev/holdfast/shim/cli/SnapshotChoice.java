package dev.holdfast.shim.cli;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the snapshot that a user means: {@code latest}, the beginning of an id, or a time such as {@code "2026-11-19 02:00"}. */
final class SnapshotChoice {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private SnapshotChoice() {}

    /** The snapshot meant. A time means the newest snapshot that was finished by then. */
    static Snapshot find(Repository repository, SourceName source, String text, ZoneId zone) throws IOException {
        List<StoredObject> snapshots = repository.listSnapshots(Optional.of(source));
        if (snapshots.isEmpty()) {
            throw new NotFoundException("source " + source + " has no snapshot in this repository");
        }
        if (text.equals("latest")) {
            return repository.readSnapshot(snapshots.getLast().key());
        }
        Optional<Instant> time = time(text, zone);
        return repository.readSnapshot(
                time.isPresent() ? byTime(source, snapshots, time.get(), text) : byId(source, snapshots, text));
    }

    /** The key of the one snapshot whose id begins so, also of one that cannot be read. */
    static ObjectKey key(Repository repository, SourceName source, String id) throws IOException {
        return byId(source, repository.listSnapshots(Optional.of(source)), id);
    }

    /** By the names alone: a damaged snapshot must not keep anyone from an older one. */
    private static ObjectKey byTime(SourceName source, List<StoredObject> snapshots, Instant time, String text)
            throws IOException {
        return snapshots.reversed().stream()
                .filter(object -> !Repository.finished(object).isAfter(time))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("source " + source + " has no snapshot that old: " + text))
                .key();
    }

    private static ObjectKey byId(SourceName source, List<StoredObject> snapshots, String text) throws IOException {
        String id = text.toLowerCase(Locale.ROOT);
        List<StoredObject> found = snapshots.stream()
                .filter(object -> id.length() >= 4
                        && object.key()
                                .name()
                                .substring(object.key().name().indexOf('-') + 1)
                                .startsWith(id))
                .toList();
        if (found.isEmpty()) {
            throw new NotFoundException("source " + source + " has no snapshot " + text
                    + " (latest, the first 4 or more digits of its id, or a time such as \"2026-11-19 02:00\")");
        }
        if (found.size() > 1) {
            throw new NotFoundException("several snapshots of " + source + " begin with " + text);
        }
        return found.getFirst().key();
    }

    private static Optional<Instant> time(String text, ZoneId zone) {
        return parsed(text, SECONDS)
                .or(() -> parsed(text, MINUTES).map(time -> time.plusSeconds(59)))
                .or(() -> day(text))
                .map(time -> time.plusNanos(999_999_999).atZone(zone).toInstant());
    }

    private static Optional<LocalDateTime> parsed(String text, DateTimeFormatter format) {
        try {
            return Optional.of(LocalDateTime.parse(text, format));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The last second of a day. */
    private static Optional<LocalDateTime> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text).atTime(23, 59, 59));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
