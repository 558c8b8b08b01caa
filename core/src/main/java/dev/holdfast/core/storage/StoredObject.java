package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.time.Instant;

/**
 * An object as the storage describes it.
 *
 * @param bytes size
 * @param modified when the storage says it was written (the storage's clock, not ours; resolution is the provider's)
 */
public record StoredObject(ObjectKey key, long bytes, Instant modified) {
    public StoredObject {
        if (bytes < 0) {
            throw new IllegalArgumentException("object size is negative");
        }
    }
}
