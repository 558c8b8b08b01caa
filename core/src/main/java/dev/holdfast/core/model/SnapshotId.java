package dev.holdfast.core.model;

/** 8 random bytes that name a snapshot within its repository, written as lower-case hexadecimal. */
public record SnapshotId(String hex) {
    /** Size in bytes. */
    public static final int BYTES = 8;

    public SnapshotId {
        HexId.require("snapshot id", hex, BYTES);
    }

    public static SnapshotId of(byte[] bytes) {
        return new SnapshotId(HexId.hex(bytes));
    }

    public byte[] bytes() {
        return HexId.bytes(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
