package dev.holdfast.core.source.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files are bytes. Here they travel as strings of one character for each byte (ISO-8859-1), so that they are kept exactly, and
 * compare and sort as bytes do, whatever the locale. This class leads from text to such names, and to something to show.
 */
final class ByteNames {
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");

    private ByteNames() {}

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    static boolean isUtf8(String name) {
        if (isAscii(name)) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(name)));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    /**
     * For people and terminals: UTF-8 where it is; any other byte, control characters, backslashes and the characters that turn the direction
     * of writing as {@code \xNN} for each byte.
     */
    static String display(String name) {
        boolean utf8 = isUtf8(name);
        String text = utf8 ? new String(bytes(name), StandardCharsets.UTF_8) : name;
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!utf8 && c >= 0x80) {
                escape(c, shown);
            } else if (isUnsafe(c)) {
                ofText(String.valueOf(c)).chars().forEach(b -> escape(b, shown));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    private static void escape(int b, StringBuilder shown) {
        shown.append("\\x").append(String.format("%02x", b));
    }

    private static boolean isUnsafe(char c) {
        return c < 0x20
                || c == '\\'
                || (c >= 0x7f && c < 0xa0)
                || c == 0x61c
                || (c >= 0x200e && c <= 0x200f)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /** The name that {@link #display} shows so; a backslash that begins no {@code \xNN} is itself. */
    static String ofDisplay(String shown) {
        return ESCAPE.matcher(ofText(shown))
                .replaceAll(found ->
                        Matcher.quoteReplacement(String.valueOf((char) HexFormat.fromHexDigits(found.group(1)))));
    }
}
