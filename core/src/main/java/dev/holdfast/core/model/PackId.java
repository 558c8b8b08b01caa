package dev.holdfast.core.model;

/** The SHA-256 of a pack's bytes, which is its name in the storage, written as lower-case hexadecimal. */
public record PackId(String hex) {
    /** Size in bytes. */
    public static final int BYTES = 32;

    public PackId {
        HexId.require("pack id", hex, BYTES);
    }

    public static PackId of(byte[] bytes) {
        return new PackId(HexId.hex(bytes));
    }

    public byte[] bytes() {
        return HexId.bytes(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
