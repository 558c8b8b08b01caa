package dev.holdfast.core.storage;

/** What a put does when the key is there already. */
public enum PutMode {
    /** Replaces the object as one step: a reader sees the old bytes or the new ones, never a mixture. */
    REPLACE,
    /**
     * Refuses with {@link StorageException.Rejected} of reason {@link StorageException.Reason#EXISTS}. Atomic against
     * concurrent puts only where the driver has {@link Capability#IF_ABSENT}; elsewhere a look before the put.
     */
    IF_ABSENT
}
