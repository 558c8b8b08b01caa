package dev.holdfast.core.pipeline;

/**
 * How far a check looks.
 *
 * @param percent share of the packs whose bytes are read, 0 for structure only, 100 for all
 */
public record CheckDepth(double percent) {
    public static final CheckDepth STRUCTURE = new CheckDepth(0);
    public static final CheckDepth ALL_DATA = new CheckDepth(100);

    public CheckDepth {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent must be 0 to 100");
        }
    }

    /** Reads {@code 5%} or {@code 2.5%}. */
    public static CheckDepth parse(String text) {
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException("a subset must be a percentage such as 5%, not " + text);
        }
        try {
            CheckDepth depth = new CheckDepth(Double.parseDouble(text.substring(0, text.length() - 1)));
            if (depth.percent == 0) {
                throw new IllegalArgumentException("a subset must be above 0%");
            }
            return depth;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a subset must be a percentage such as 5%, not " + text, e);
        }
    }
}
