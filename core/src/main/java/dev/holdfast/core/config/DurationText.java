package dev.holdfast.core.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 90s}, {@code 30m}, {@code 24h}, {@code 7d}, {@code 2w}, and several from long to short, {@code 1d12h}. */
public final class DurationText {
    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,5})w)?(?:(\\d{1,6})d)?(?:(\\d{1,7})h)?(?:(\\d{1,8})m)?(?:(\\d{1,9})s)?");
    private static final long[] SECONDS = {7 * 86_400L, 86_400L, 3600L, 60L, 1L};

    private DurationText() {}

    /** Throws {@link IllegalArgumentException} with the right form. */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("must be a length of time like 30m, 24h, 7d or 1d12h");
        }
        long seconds = 0;
        for (int group = 1; group <= SECONDS.length; group++) {
            String number = matcher.group(group);
            seconds += number == null ? 0 : Long.parseLong(number) * SECONDS[group - 1];
        }
        return Duration.ofSeconds(seconds);
    }

    /** The shortest way to write it in days, hours, minutes and seconds; fractions of a second are left out. */
    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0 && seconds < 2 * 86_400L && seconds > 0) {
            return seconds / 3600 + "h";
        }
        StringBuilder text = new StringBuilder();
        String[] units = {"d", "h", "m", "s"};
        for (int unit = 0; unit < units.length; unit++) {
            long count = seconds / SECONDS[unit + 1];
            seconds %= SECONDS[unit + 1];
            text.append(count == 0 ? "" : count + units[unit]);
        }
        return text.isEmpty() ? "0s" : text.toString();
    }
}
