package dev.holdfast.core.catalog;

/** Where a backup stands. COMPLETED and FAILED are final. */
public enum BackupStatus {
    /** Wanted, no host has begun. */
    PENDING,
    /** A host reads the source. */
    RUNNING,
    /** The snapshot is in storage. */
    COMPLETED,
    /** Given up; storage may hold packs of it that a sweep removes. */
    FAILED;

    /** Whether no transition leads away from here. */
    public boolean isFinal() {
        return this == COMPLETED || this == FAILED;
    }
}
