package dev.holdfast.core.repository;

/** A snapshot that was read from the storage, with a signature that verified. */
public final class Snapshot {
    private final SnapshotObject object;

    Snapshot(SnapshotObject object) {
        this.object = object;
    }

    public SnapshotHeader header() {
        return object.header();
    }

    SnapshotObject object() {
        return object;
    }
}
