package dev.holdfast.core.chunk;

/** How the bytes of a chunk are encoded before they are sealed; the number is part of the format. */
public enum Codec {
    NONE(0, "none"),
    /** One zstd frame (RFC 8878). */
    ZSTD(1, "zstd"),
    /** One gzip member (RFC 1952). */
    GZIP(2, "gzip");

    private final byte number;
    private final String label;

    Codec(int number, String label) {
        this.number = (byte) number;
        this.label = label;
    }

    public byte number() {
        return number;
    }

    public String label() {
        return label;
    }

    /** The codec of that number. Throws {@link IllegalArgumentException} for one this version does not know. */
    public static Codec of(byte number) {
        for (Codec codec : values()) {
            if (codec.number == number) {
                return codec;
            }
        }
        throw new IllegalArgumentException("unknown codec " + number + " (a newer version may know it)");
    }
}
