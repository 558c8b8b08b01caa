package dev.holdfast.core.model;

/** 16 random bytes that name one backup run, written as lower-case hexadecimal. */
public record RunId(String hex) {
    /** Size in bytes. */
    public static final int BYTES = 16;

    public RunId {
        HexId.require("run id", hex, BYTES);
    }

    public static RunId of(byte[] bytes) {
        return new RunId(HexId.hex(bytes));
    }

    public byte[] bytes() {
        return HexId.bytes(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
