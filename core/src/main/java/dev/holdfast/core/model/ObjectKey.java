package dev.holdfast.core.model;

import java.nio.charset.StandardCharsets;

/**
 * The name of one object in a storage: parts separated by {@code /}, at most 1024 bytes of UTF-8, each part 1 to 255
 * bytes. No part is {@code .} or {@code ..}, none is empty, and no control character occurs, so that a key can never
 * leave the root it is resolved against.
 */
public record ObjectKey(String text) implements Comparable<ObjectKey> {
    private static final int MAX_BYTES = 1024;
    private static final int MAX_PART_BYTES = 255;

    public ObjectKey {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("object key is longer than " + MAX_BYTES + " bytes");
        }
        for (String part : text.split("/", -1)) {
            requirePart(part, text);
        }
    }

    private static void requirePart(String part, String text) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
            throw new IllegalArgumentException("object key has an empty, . or .. part: \"" + text + "\"");
        }
        if (part.getBytes(StandardCharsets.UTF_8).length > MAX_PART_BYTES) {
            throw new IllegalArgumentException("object key has a part of more than " + MAX_PART_BYTES + " bytes");
        }
        if (part.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\')) {
            throw new IllegalArgumentException("object key has a control character or backslash");
        }
    }

    /** The part after the last slash. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    public ObjectKey resolve(String child) {
        return new ObjectKey(text + "/" + child);
    }

    @Override
    public int compareTo(ObjectKey other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
