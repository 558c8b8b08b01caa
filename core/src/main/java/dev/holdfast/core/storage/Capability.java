package dev.holdfast.core.storage;

/** What a provider can do beyond the six verbs. Absence is honest: callers fall back or say so. */
public enum Capability {
    /** {@link PutMode#IF_ABSENT} is decided by the server in one step, also against concurrent puts. */
    IF_ABSENT,
    /** Copies between two places of the same provider without bytes passing through this process. */
    SERVER_COPY,
    /** Objects can be locked against deletion until a time. */
    OBJECT_LOCK
}
