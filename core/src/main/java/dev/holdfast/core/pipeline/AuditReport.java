package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.HiddenVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the locks of a copy are worth.
 *
 * @param objects every object that snapshots of the copy need, in order of key
 * @param deleted objects that were deleted and whose bytes the storage still keeps behind a mark: removing the mark brings them back. One whose lock
 *     has not ended was not deleted by Holdfast
 * @param replaced what lies under the bytes of objects that were put more than once
 * @param problems objects that are missing or cannot be read
 */
public record AuditReport(
        List<Audited> objects, List<HiddenVersion> deleted, List<HiddenVersion> replaced, List<String> problems) {
    /**
     * One object.
     *
     * @param wantedUntil the latest time that a snapshot which needs it wants; empty when no term was given
     * @param held empty when it is not locked, or these credentials may not see the lock (S3: s3:GetObjectRetention)
     */
    public record Audited(ObjectKey key, Optional<Instant> wantedUntil, Optional<HeldLock> held) {
        /** Whether it is locked for shorter than wanted, as of a time. */
        public boolean isShort(Instant now) {
            return wantedUntil
                    .filter(wanted -> wanted.isAfter(now))
                    .filter(wanted ->
                            held.map(lock -> lock.until().isBefore(wanted)).orElse(true))
                    .isPresent();
        }
    }

    public AuditReport {
        objects = List.copyOf(objects);
        deleted = List.copyOf(deleted);
        replaced = List.copyOf(replaced);
        problems = List.copyOf(problems);
    }

    /** The objects that are locked for shorter than wanted, or not at all. */
    public List<Audited> tooShort(Instant now) {
        return objects.stream().filter(object -> object.isShort(now)).toList();
    }

    /** The earliest end of all locks; empty when an object has none. */
    public Optional<Instant> allLockedUntil() {
        Instant earliest = Instant.MAX;
        for (Audited object : objects) {
            if (object.held().isEmpty()) {
                return Optional.empty();
            }
            Instant until = object.held().get().until();
            earliest = until.isBefore(earliest) ? until : earliest;
        }
        return objects.isEmpty() ? Optional.empty() : Optional.of(earliest);
    }
}
