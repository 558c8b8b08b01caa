package dev.holdfast.core.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Makes text of the bytes of a file. */
final class ConfigurationBytes {
    private ConfigurationBytes() {}

    /** The text without a byte order mark; empty after an error. */
    static Optional<String> text(byte[] bytes, Problems problems) {
        if (bytes.length > ConfigurationFile.LARGEST) {
            problems.error(Position.START, "", "the file is larger than " + ConfigurationFile.LARGEST / 1024 + " KiB");
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer decoded = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), decoded, true);
        String text = decoded.flip().toString();
        if (result.isError()) {
            problems.error(end(text), "", "this is not UTF-8: save the file in that encoding");
            return Optional.empty();
        }
        String bare = text.startsWith("\ufeff") ? text.substring(1) : text;
        return onlyPrintable(bare, problems) ? Optional.of(bare) : Optional.empty();
    }

    /** The place behind a text. */
    private static Position end(String text) {
        int line = 1;
        int begins = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            line++;
            begins = at + 1;
        }
        return new Position(line, text.codePointCount(begins, text.length()) + 1);
    }

    private static boolean onlyPrintable(String text, Problems problems) {
        boolean all = true;
        int line = 1;
        int column = 1;
        for (int character : text.codePoints().toArray()) {
            if (!printable(character)) {
                all = false;
                problems.error(
                        new Position(line, column),
                        "",
                        String.format(Locale.ROOT, "character U+%04X cannot stand in YAML", character));
            }
            line += character == '\n' ? 1 : 0;
            column = character == '\n' ? 1 : column + 1;
        }
        return all;
    }

    /** Source: YAML 1.2.2, production c-printable. */
    private static boolean printable(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0x7e)
                || c == 0x85
                || (c >= 0xa0 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
                || (c >= 0x10000 && c <= 0x10ffff);
    }
}
