package dev.holdfast.core.source;

/**
 * A stream of a snapshot under its name, for example {@code databases/shop.dump} or {@code globals.sql}. Names are sealed
 * inside the recipe, so they may carry any text of 1 to 1024 characters without control characters.
 */
public record NamedStream(String name, DumpSource source) {
    public NamedStream {
        if (name.isEmpty() || name.length() > 1024 || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new IllegalArgumentException("stream name must be 1 to 1024 characters without control characters");
        }
    }
}
