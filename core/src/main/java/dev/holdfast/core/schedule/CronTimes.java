package dev.holdfast.core.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The times of a wall clock that a cron expression names; never changes. As with every cron, when both day of month and day of week are restricted (do not begin with a star),
 * a day fits that fits either (crontab(5)).
 */
final class CronTimes {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *");
    /** Parsing takes longer than all that follows, and a host asks for the same few again and again. */
    private static final Map<String, CronTimes> KNOWN = new ConcurrentHashMap<>();

    private static final int KNOWN_AT_MOST = 1000;
    private static final CronField[] FIELDS = CronField.values();
    /** 40 years: the longest wait for a 29 February that falls on a given day of the week, over a year like 2100. */
    private static final int DAYS_AT_MOST = 366 * 41;

    private final EnumMap<CronField, BitSet> numbers = new EnumMap<>(CronField.class);
    private final boolean anyDayOfMonth;
    private final boolean anyDayOfWeek;
    private final List<LocalTime> times = new ArrayList<>();

    private CronTimes(String[] fields) {
        for (CronField field : FIELDS) {
            numbers.put(field, parse(field, fields[field.position()]));
        }
        BitSet week = of(CronField.DAY_OF_WEEK);
        if (week.get(7)) {
            week.set(0);
        }
        anyDayOfMonth = fields[CronField.DAY_OF_MONTH.position()].startsWith("*");
        anyDayOfWeek = fields[CronField.DAY_OF_WEEK.position()].startsWith("*");
        for (int hour : of(CronField.HOUR).stream().toArray()) {
            of(CronField.MINUTE).stream().forEach(minute -> times.add(LocalTime.of(hour, minute)));
        }
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException naming the field that is wrong, or what to leave out
     */
    static CronTimes parse(String expression) {
        CronTimes known = KNOWN.get(expression);
        if (known == null) {
            known = read(expression);
            if (KNOWN.size() >= KNOWN_AT_MOST) {
                KNOWN.clear();
            }
            KNOWN.put(expression, known);
        }
        return known;
    }

    private static CronTimes read(String expression) {
        String text = expression.strip();
        if (text.startsWith("@")) {
            String meant = NICKNAMES.get(text);
            if (meant == null) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is none of @hourly, @daily, @weekly, @monthly, @yearly");
            }
            text = meant;
        }
        String[] fields = text.split("\\s+", -1);
        if (fields.length != FIELDS.length) {
            throw notFive(text, fields);
        }
        CronTimes cron = new CronTimes(fields);
        cron.requirePossible(text);
        return cron;
    }

    private static IllegalArgumentException notFive(String text, String[] fields) {
        String count = "\"" + text + "\" has " + (text.isEmpty() ? 0 : fields.length)
                + " fields and not five (minute, hour, day of month, month, day of week)";
        if (fields.length == 6 && fields[5].matches("[0-9]{4}.*")) {
            return new IllegalArgumentException(count + ": leave out the last, the year: \""
                    + String.join(" ", List.of(fields).subList(0, 5)).replace('?', '*') + "\"");
        }
        if (fields.length == 6) {
            return new IllegalArgumentException(count + ": leave out the first, the seconds: \""
                    + String.join(" ", List.of(fields).subList(1, 6)).replace('?', '*') + "\"");
        }
        if (fields.length == 7) {
            return new IllegalArgumentException(count + ": leave out the first and the last, seconds and year: \""
                    + String.join(" ", List.of(fields).subList(1, 6)).replace('?', '*') + "\"");
        }
        return new IllegalArgumentException(count);
    }

    /** Each field is parsed among stars, so that an error is known to be its own. */
    private static BitSet parse(CronField field, String text) {
        String[] fields = {"*", "*", "*", "*", "*"};
        fields[field.position()] = text;
        Cron cron;
        try {
            cron = PARSER.parse(String.join(" ", fields));
        } catch (IllegalArgumentException e) {
            IllegalArgumentException wrong = field.wrong(text);
            wrong.initCause(e);
            throw wrong;
        }
        return field.numbers(cron.retrieve(field.fieldName()).getExpression(), text);
    }

    private BitSet of(CronField field) {
        return Objects.requireNonNull(numbers.get(field));
    }

    private void requirePossible(String text) {
        if (!anyDayOfWeek) {
            return;
        }
        int firstDay = of(CronField.DAY_OF_MONTH).nextSetBit(0);
        if (of(CronField.MONTH).stream()
                .noneMatch(month -> firstDay <= Month.of(month).maxLength())) {
            throw new IllegalArgumentException("\"" + text + "\" never comes: no month of it has a day " + firstDay);
        }
    }

    /** Whether it runs in every hour of its days: then it means a beat, not a time of day. */
    boolean everyHour() {
        return of(CronField.HOUR).cardinality() == 24;
    }

    private boolean fits(LocalDate day) {
        if (!of(CronField.MONTH).get(day.getMonthValue())) {
            return false;
        }
        boolean dayOfMonth = of(CronField.DAY_OF_MONTH).get(day.getDayOfMonth());
        boolean dayOfWeek = of(CronField.DAY_OF_WEEK).get(day.getDayOfWeek().getValue() % 7);
        return (anyDayOfMonth || anyDayOfWeek) ? (dayOfMonth && dayOfWeek) : (dayOfMonth || dayOfWeek);
    }

    /** The first time that is {@code from} or later; empty when none comes for years, at the end of what can be told. */
    Optional<LocalDateTime> atOrAfter(LocalDateTime from) {
        LocalDate day = from.toLocalDate();
        for (int i = 0; i <= DAYS_AT_MOST; i++, day = day.plusDays(1)) {
            if (fits(day)) {
                for (LocalTime time : times) {
                    if (i > 0 || !time.isBefore(from.toLocalTime())) {
                        return Optional.of(day.atTime(time));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The last time that is {@code upTo} or earlier, not before the day of {@code notBefore}. */
    Optional<LocalDateTime> atOrBefore(LocalDateTime upTo, LocalDateTime notBefore) {
        LocalDate last = upTo.toLocalDate();
        for (LocalDate day = last; !day.isBefore(notBefore.toLocalDate()); day = day.minusDays(1)) {
            if (fits(day)) {
                for (LocalTime time : times.reversed()) {
                    if (!day.equals(last) || !time.isAfter(upTo.toLocalTime())) {
                        return Optional.of(day.atTime(time));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
