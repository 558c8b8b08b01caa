package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.storage.StoredObject;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which snapshots a copy shall have.
 *
 * @param source empty for all
 * @param wanted asked for each snapshot of the repository by its name; a copy with a retention of its own wants only what that would keep, or
 *     what it removed would come back with the next pass
 */
public record CopyScope(Optional<SourceName> source, Predicate<StoredObject> wanted) {
    public static final CopyScope ALL = new CopyScope(Optional.empty(), any -> true);

    /** Every snapshot of one source. */
    public static CopyScope of(SourceName source) {
        return new CopyScope(Optional.of(source), any -> true);
    }

    /** One snapshot. */
    public static CopyScope of(SourceName source, ObjectKey snapshot) {
        return new CopyScope(Optional.of(source), object -> object.key().equals(snapshot));
    }

    /** The same, less what is not wanted. */
    public CopyScope where(Predicate<StoredObject> also) {
        return new CopyScope(source, wanted.and(also));
    }
}
