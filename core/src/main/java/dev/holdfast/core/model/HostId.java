package dev.holdfast.core.model;

/** The first 16 bytes of the SHA-256 of a host's Ed25519 public key, written as lower-case hexadecimal. */
public record HostId(String hex) {
    /** Size in bytes. */
    public static final int BYTES = 16;

    public HostId {
        HexId.require("host id", hex, BYTES);
    }

    public static HostId of(byte[] bytes) {
        return new HostId(HexId.hex(bytes));
    }

    public byte[] bytes() {
        return HexId.bytes(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
