package dev.holdfast.core.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** A counting rule of a policy: which snapshots are of one hour, day, week, month or year. */
enum Rule {
    LAST,
    HOURLY,
    DAILY,
    WEEKLY,
    MONTHLY,
    YEARLY;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many periods the policy wants of this rule. */
    int count(RetentionPolicy policy) {
        return switch (this) {
            case LAST -> policy.last();
            case HOURLY -> policy.hourly();
            case DAILY -> policy.daily();
            case WEEKLY -> policy.weekly();
            case MONTHLY -> policy.monthly();
            case YEARLY -> policy.yearly();
        };
    }

    /**
     * The period that a time falls into, as people write it: equal for times of one period only. An hour that comes twice when clocks go back is two periods, by its
     * offset.
     *
     * @param rank of the snapshot from the newest, from 0: {@link #LAST} puts each into a period of its own
     */
    String period(Instant time, ZoneId zone, int rank) {
        ZonedDateTime local = time.atZone(zone);
        LocalDate date = local.toLocalDate();
        return switch (this) {
            case LAST -> String.valueOf(rank + 1);
            case HOURLY -> date + "T%02d%s".formatted(local.getHour(), local.getOffset());
            case DAILY -> date.toString();
            case WEEKLY ->
                "%d-W%02d".formatted(date.get(IsoFields.WEEK_BASED_YEAR), date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case MONTHLY -> "%d-%02d".formatted(date.getYear(), date.getMonthValue());
            case YEARLY -> String.valueOf(date.getYear());
        };
    }
}
