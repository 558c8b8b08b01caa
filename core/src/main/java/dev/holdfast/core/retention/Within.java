package dev.holdfast.core.retention;

import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of calendar time, for example {@code 1y6m14d12h}.
 *
 * @param years 0 or more, as all others; at least one is more than 0
 */
public record Within(int years, int months, int days, int hours) {
    /** Four digits are enough for a thousand years of days, and never overflow. */
    private static final Pattern TEXT =
            Pattern.compile("(?:(\\d{1,4})y)?(?:(\\d{1,4})m)?(?:(\\d{1,4})d)?(?:(\\d{1,4})h)?");

    public Within {
        if (years < 0 || months < 0 || days < 0 || hours < 0 || (years | months | days | hours) == 0) {
            throw new IllegalArgumentException("must be like 30d, 6m, 1y or 1y6m14d12h");
        }
    }

    /**
     * Reads years, months, days and hours in this order, each at most once, as {@link #toString} writes them.
     *
     * @throws IllegalArgumentException when it is anything else, or nothing but zeros
     */
    public static Within parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" must be like 30d, 6m, 1y or 1y6m14d12h");
        }
        return new Within(number(matcher, 1), number(matcher, 2), number(matcher, 3), number(matcher, 4));
    }

    private static int number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** So long before a time, on the calendar of its zone: a month before 31 March is the last day of February. Hours are those of a clock that never changes. */
    ZonedDateTime before(ZonedDateTime time) {
        return time.minusYears(years).minusMonths(months).minusDays(days).minusHours(hours);
    }

    @Override
    public String toString() {
        return part(years, "y") + part(months, "m") + part(days, "d") + part(hours, "h");
    }

    private static String part(int number, String unit) {
        return number == 0 ? "" : number + unit;
    }
}
