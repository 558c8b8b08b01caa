package dev.holdfast.core.chunk;

/** How streams are cut. No chunk is ever larger than {@link #MAX_BYTES}. */
public enum Chunking {
    /** Every chunk but the last is 4 MiB. For data that never shifts. */
    FIXED("fixed"),
    /** FastCDC: cuts where the content says so, so that an insertion changes only the chunks around it. */
    CONTENT_DEFINED("content-defined");

    /** The largest chunk: 4 MiB. */
    public static final int MAX_BYTES = 4 << 20;

    private final String label;

    Chunking(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The method of that name. Throws {@link IllegalArgumentException} for one this version does not know. */
    public static Chunking of(String label) {
        for (Chunking chunking : values()) {
            if (chunking.label.equals(label)) {
                return chunking;
            }
        }
        throw new IllegalArgumentException("unknown chunking: " + label + " (a newer version may know it)");
    }

    /** The cutter for this method, with the repository's secret gear table. */
    public Cutter cutter(long[] gear) {
        return switch (this) {
            case FIXED -> (bytes, offset, length) -> length >= MAX_BYTES ? MAX_BYTES : Cutter.NO_CUT;
            case CONTENT_DEFINED -> new FastCdc(gear);
        };
    }
}
