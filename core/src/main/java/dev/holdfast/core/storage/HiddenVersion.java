package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Bytes that a storage keeps although its listings do not show them: what an object was before it was replaced, or deleted by a mark that hides
 * it. They cost what objects cost, and whoever may remove the mark can bring them back.
 *
 * @param version what the storage calls it
 * @param lock empty when it has none, or the credentials may not see it
 */
public record HiddenVersion(ObjectKey key, String version, long bytes, Instant modified, Optional<HeldLock> lock) {
    /** The same as seen under another key. */
    public HiddenVersion under(ObjectKey other) {
        return new HiddenVersion(other, version, bytes, modified, lock);
    }
}
