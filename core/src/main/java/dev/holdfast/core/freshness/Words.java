package dev.holdfast.core.freshness;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and sizes as people read them. */
final class Words {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ENGLISH);
    private static final int BRIEF_LENGTH = 300;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Words() {}

    /** Rounded down: {@code 45 min}, {@code 31 h}, {@code 5 d}. Hours up to three days, minutes up to two hours. */
    static String length(Duration length) {
        if (length.toMinutes() < 120) {
            return length.toMinutes() + " min";
        }
        return length.toHours() < 72 ? length.toHours() + " h" : length.toDays() + " d";
    }

    /** As {@link #length}, but in finer units where it would read the same as {@code other}. */
    static String lengthBeside(Duration length, Duration other) {
        if (!length(length).equals(length(other)) || length.equals(other)) {
            return length(length);
        }
        if (length.toMinutes() < 120) {
            return length.toMinutes() + " min " + length.toSecondsPart() + " s";
        }
        return length.toHours() < 72
                ? length.toHours() + " h " + length.toMinutesPart() + " min"
                : length.toDays() + " d " + length.toHoursPart() + " h";
    }

    /** {@code 2026-11-29 02:14 UTC}. */
    static String time(Instant time, ZoneId zone) {
        String text = TIME.format(time.atZone(zone));
        return text.endsWith(" Z") ? text.substring(0, text.length() - 1) + "UTC" : text;
    }

    /** In powers of 1000: {@code 1.2 GB}. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** On one line, at most 300 characters. */
    static String brief(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= BRIEF_LENGTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, BRIEF_LENGTH - 1)) + "…";
    }
}
