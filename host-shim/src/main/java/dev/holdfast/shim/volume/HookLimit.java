package dev.holdfast.shim.volume;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a hook may take. One that hangs must not hold a backup, and the containers that wait for its end, for ever. */
public final class HookLimit {
    /** Where nothing else is said. */
    public static final Duration DEFAULT = Duration.ofMinutes(5);

    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,5})(s|m|h|)");

    private HookLimit() {}

    /** Reads {@code 90}, {@code 90s}, {@code 10m} or {@code 2h}; throws {@link IllegalArgumentException} for anything else. */
    public static Duration parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("a hook's time is written as 90s, 10m or 2h, and not " + text);
        }
        long number = Long.parseLong(written.group(1));
        return switch (written.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
