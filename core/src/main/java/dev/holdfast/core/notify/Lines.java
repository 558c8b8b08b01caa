package dev.holdfast.core.notify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Text that comes from databases and servers, made fit for messages. */
final class Lines {
    private static final String MORE = "\n… and %d more; see: holdfast status";

    private Lines() {}

    /** Without control characters and line ends. */
    static String oneLine(String text) {
        return clean(text, false).strip();
    }

    /** Without control characters, but with line ends. */
    static String printable(String text) {
        return clean(text.replace("\r\n", "\n").replace('\r', '\n'), true).strip();
    }

    private static String clean(String text, boolean keepsLineEnds) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isHarmless(c) || (keepsLineEnds && c == '\n') ? c : ' '));
        return clean.toString();
    }

    /** Neither a control character nor half a surrogate pair, nor one that reorders or ends lines. */
    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /**
     * Paragraphs with an empty line between, as many as fit. If not all do, the last line says how many are left out; the first is cut
     * rather than left out.
     *
     * @param escape how a character is written, for example as an entity
     * @param limit UTF-16 units at most, after escaping; at least 100
     */
    static String fit(List<String> paragraphs, IntFunction<String> escape, int limit) {
        String all = escaped(String.join("\n\n", paragraphs), escape, Integer.MAX_VALUE);
        if (all.length() <= limit) {
            return all;
        }
        int room = limit
                - escaped(MORE.formatted(paragraphs.size()), escape, Integer.MAX_VALUE)
                        .length();
        StringBuilder text = new StringBuilder(escaped(paragraphs.getFirst(), escape, room));
        int taken = 1;
        while (taken < paragraphs.size()) {
            String next = "\n\n" + escaped(paragraphs.get(taken), escape, Integer.MAX_VALUE);
            if (text.length() + next.length() > room) {
                break;
            }
            text.append(next);
            taken++;
        }
        if (taken < paragraphs.size()) {
            text.append(escaped(MORE.formatted(paragraphs.size() - taken), escape, Integer.MAX_VALUE));
        }
        return text.toString();
    }

    /** Escaped, and cut with an ellipsis where it would be longer than {@code limit}, never within an escape. */
    static String escaped(String text, IntFunction<String> escape, int limit) {
        StringBuilder out = new StringBuilder();
        int whole = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            String next = escape.apply(text.codePointAt(i));
            if (out.length() + next.length() > limit) {
                return out.substring(0, whole) + "…";
            }
            out.append(next);
            if (out.length() < limit) {
                whole = out.length();
            }
        }
        return out.toString();
    }

    /** The longest beginning of at most {@code bytes} bytes of UTF-8. */
    static byte[] utf8(String text, int bytes) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        if (all.length <= bytes) {
            return all;
        }
        int end = bytes;
        while (end > 0 && (all[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(all, end);
    }
}
