package dev.holdfast.core.model;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** Checks and conversions shared by the identifiers that are written as lower-case hexadecimal. */
final class HexId {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    private HexId() {}

    static String require(String kind, String hex, int bytes) {
        if (hex.length() != bytes * 2 || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(kind + " must be " + bytes * 2 + " lower-case hexadecimal digits");
        }
        return hex;
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
