package dev.holdfast.core.model;

import java.util.regex.Pattern;

/**
 * The name of a source, for example {@code shop-db}: 1 to 128 characters of {@code A-Z a-z 0-9 . _ -}, beginning with a
 * letter or digit. It is visible in the storage, and is a single part of an object key.
 */
public record SourceName(String text) implements Comparable<SourceName> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public SourceName {
        if (!VALID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "source name must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit");
        }
    }

    @Override
    public int compareTo(SourceName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
