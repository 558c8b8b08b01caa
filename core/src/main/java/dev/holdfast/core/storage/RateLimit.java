package dev.holdfast.core.storage;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bytes may pass in a second, both ways together.
 *
 * @param bytesPerSecond at least 1 KB, since less would never move a pack
 */
public record RateLimit(long bytesPerSecond) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?) ?([KMG]?i?B)/s", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Long> UNITS = Map.of(
            "b",
            1L,
            "kb",
            1_000L,
            "mb",
            1_000_000L,
            "gb",
            1_000_000_000L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30);

    public RateLimit {
        if (bytesPerSecond < 1000) {
            throw new IllegalArgumentException("rate limit must be at least 1KB/s");
        }
    }

    /** Reads {@code 20MB/s}, {@code 1.5 MiB/s}, {@code 800kB/s}. */
    public static RateLimit parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("rate limit \"" + text + "\" must look like 20MB/s or 1.5MiB/s");
        }
        return new RateLimit(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit))
                .longValue());
    }

    @Override
    public String toString() {
        return bytesPerSecond + "B/s";
    }
}
