package dev.holdfast.core.source.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Names of files are bytes. Here they travel as strings of one character for each byte (ISO-8859-1), so that they are kept exactly, and
 * compare and sort as bytes do, whatever the locale. This class leads from text to such names, and to something to show.
 */
final class ByteNames {
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

    /** For people: UTF-8 where it is, any other byte, control characters and backslashes as {@code \xNN}. */
    static String display(String name) {
        boolean utf8 = isUtf8(name);
        String text = utf8 ? new String(bytes(name), StandardCharsets.UTF_8) : name;
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '\\' || c == 0x7f || (c >= 0x80 && (!utf8 || c < 0xa0))) {
                shown.append("\\x").append(String.format("%02x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }
}
