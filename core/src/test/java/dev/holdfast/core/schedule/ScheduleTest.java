package dev.holdfast.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static Schedule schedule(String expression, String zone) {
        return new Schedule(expression, ZoneId.of(zone), Duration.ZERO);
    }

    /** The next runs, as wall times with offset, from a wall time on. */
    private static List<String> runs(String expression, String zone, String from, int count) {
        Schedule schedule = schedule(expression, zone);
        Instant at =
                LocalDateTime.parse(from).atZone(ZoneId.of(zone)).toInstant().minusNanos(1);
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            at = schedule.next(at);
            ZonedDateTime local = at.atZone(ZoneId.of(zone));
            runs.add(local.toLocalDateTime() + local.getOffset().getId());
        }
        return runs;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 2 * * * | 2026-11-29T14:00 | 2026-11-30T02:00Z",
                "@daily | 2026-11-29T00:00 | 2026-11-29T00:00Z",
                "@hourly | 2026-11-29T00:01 | 2026-11-29T01:00Z",
                "@weekly | 2026-11-29T00:01 | 2026-12-06T00:00Z",
                "@monthly | 2026-11-29T00:01 | 2026-12-01T00:00Z",
                "@yearly | 2026-11-29T00:01 | 2027-01-01T00:00Z",
                "0 0 29 2 * | 2026-01-01T00:00 | 2028-02-29T00:00Z",
                "0 0 29 2 * | 2096-03-01T00:00 | 2104-02-29T00:00Z",
                "30 4 31 * * | 2026-02-01T00:00 | 2026-03-31T04:30Z",
                "*/15 9-17 * * MON-FRI | 2026-11-27T17:46 | 2026-11-30T09:00Z",
                "0 3 * * SUN | 2026-11-23T00:00 | 2026-11-29T03:00Z",
                "0 3 * * 7 | 2026-11-23T00:00 | 2026-11-29T03:00Z",
                "0 3 * * FRI-SUN | 2026-11-26T00:00 | 2026-11-27T03:00Z",
                "0 3 * JUL,DEC * | 2026-11-26T00:00 | 2026-12-01T03:00Z",
                "5/20 * * * * | 2026-11-26T00:06 | 2026-11-26T00:25Z",
                "0 0 13 * FRI | 2026-11-14T00:00 | 2026-11-20T00:00Z",
            })
    void findsTheNextTime(String expression, String from, String expected) {
        assertThat(runs(expression, "UTC", from, 1)).containsExactly(expected);
    }

    @Test
    void aGivenInstantIsNotItsOwnNext() {
        Instant due = Instant.parse("2026-11-29T02:00:00Z");
        assertThat(schedule("0 2 * * *", "UTC").next(due)).isEqualTo(Instant.parse("2026-11-30T02:00:00Z"));
        assertThat(schedule("0 2 * * *", "UTC").next(due.minusNanos(1))).isEqualTo(due);
    }

    @Test
    void aTimeInTheSpringGapRunsRightAfterIt() {
        assertThat(runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", 3))
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        assertThat(runs("30 2 * * *", "America/New_York", "2026-03-07T12:00", 2))
                .containsExactly("2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00");
    }

    @Test
    void severalTimesInTheGapRunOnceTogether() {
        assertThat(runs("*/20 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00", 4))
                .containsExactly(
                        "2026-03-29T03:00+02:00",
                        "2026-03-29T03:20+02:00",
                        "2026-03-29T03:40+02:00",
                        "2026-03-30T02:00+02:00");
    }

    @Test
    void aTimeInTheAutumnOverlapRunsAtItsFirstComing() {
        assertThat(runs("30 2 * * *", "Europe/Berlin", "2026-10-25T00:00", 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        assertThat(runs("30 1 * * *", "America/New_York", "2026-11-01T00:00", 2))
                .containsExactly("2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00");
        assertThat(runs("0 2,3 * * *", "Europe/Berlin", "2026-10-25T00:00", 3))
                .containsExactly("2026-10-25T02:00+02:00", "2026-10-25T03:00+01:00", "2026-10-26T02:00+01:00");
    }

    @Test
    void aBeatGoesOnThroughBothChanges() {
        assertThat(runs("30 * * * *", "Europe/Berlin", "2026-10-25T01:00", 4))
                .containsExactly(
                        "2026-10-25T01:30+02:00",
                        "2026-10-25T02:30+02:00",
                        "2026-10-25T02:30+01:00",
                        "2026-10-25T03:30+01:00");
        assertThat(runs("30 * * * *", "Europe/Berlin", "2026-03-29T01:00", 2))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00");
        assertThat(runs("@hourly", "Europe/Berlin", "2026-03-29T01:00", 3))
                .containsExactly("2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
    }

    @Test
    void halfAnHourOnLordHoweIsRespected() {
        assertThat(runs("15 2 * * *", "Australia/Lord_Howe", "2026-10-04T00:00", 2))
                .containsExactly("2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00");
        assertThat(runs("45 1 * * *", "Australia/Lord_Howe", "2026-04-05T00:00", 2))
                .containsExactly("2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30");
        assertThat(runs("@hourly", "Australia/Lord_Howe", "2026-10-04T01:00", 3))
                .containsExactly("2026-10-04T01:00+10:30", "2026-10-04T02:30+11:00", "2026-10-04T03:00+11:00");
        assertThat(runs("45 * * * *", "Australia/Lord_Howe", "2026-04-05T01:00", 3))
                .containsExactly("2026-04-05T01:45+11:00", "2026-04-05T01:45+10:30", "2026-04-05T02:45+10:30");
    }

    @Test
    void theDayThatSamoaSkippedRunsAtTheStartOfTheNext() {
        assertThat(runs("0 2 30 12 *", "Pacific/Apia", "2011-12-01T00:00", 2))
                .containsExactly("2011-12-31T00:00+14:00", "2012-12-30T02:00+14:00");
        assertThat(runs("0 2 * * *", "Pacific/Apia", "2011-12-29T00:00", 3))
                .containsExactly("2011-12-29T02:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T02:00+14:00");
        assertThat(runs("@hourly", "Pacific/Apia", "2011-12-29T23:00", 2))
                .containsExactly("2011-12-29T23:00-10:00", "2011-12-31T00:00+14:00");
    }

    /** Midnight itself is in the gap: Cairo's summer time begins at 00:00 of a Friday. */
    @Test
    void aMidnightThatDoesNotExistRunsAtOne() {
        assertThat(runs("@daily", "Africa/Cairo", "2026-04-23T12:00", 2))
                .containsExactly("2026-04-24T01:00+03:00", "2026-04-25T00:00+03:00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 2 * * * | minute",
                "0 24 * * * | hour",
                "0 2 0 * * | day of month",
                "0 2 32 * * | day of month",
                "0 2 * 13 * | month",
                "0 2 * FOO * | month",
                "0 2 * * 8 | day of week",
                "0 2 L * * | day of month",
                "0 2 15W * * | day of month",
                "0 2 ? * * | day of month",
                "0 2 * * 1#2 | day of week",
                "*/0 2 * * * | minute",
                "*/90 2 * * * | minute",
                "0 22-2 * * * | hour",
                "0 -1 * * * | hour",
                "0 1- * * * | hour",
                "0 , * * * | hour",
                "x y * * * | minute",
            })
    void wrongValuesNameTheField(String expression, String field) {
        assertThatThrownBy(() -> schedule(expression, "UTC"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the " + field + " \"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 2 * * ? | leave out the first, the seconds: \"0 2 * * *\"",
                "0 2 * * * 2026 | leave out the last, the year: \"0 2 * * *\"",
                "0 0 2 * * ? 2026 | leave out the first and the last, seconds and year: \"0 2 * * *\"",
                "0 2 * * | has 4 fields and not five",
                "@reboot | @daily",
                "0 0 30 2 * | never comes",
                "0 0 31 4,6,9,11 * | never comes",
            })
    void whatIsNoScheduleIsRefusedWithTheWayOut(String expression, String word) {
        assertThatThrownBy(() -> schedule(expression, "UTC"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(word);
    }

    @Test
    void nothingIsRefusedToo() {
        assertThatThrownBy(() -> schedule("", "UTC")).hasMessageContaining("has 0 fields");
        assertThatThrownBy(() -> new Schedule("@daily", ZoneId.of("UTC"), Duration.ofSeconds(-1)))
                .hasMessageContaining("window");
    }

    /** Looking back finds what looking forward passes, around the changes of each zone in autumn 2011 and spring 2012. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "UTC"
            })
    void theLatestIsTheLastOfTheNext(String zone) {
        for (String start : List.of(
                "2011-09-22",
                "2011-09-30",
                "2011-10-28",
                "2011-11-04",
                "2011-12-27",
                "2012-03-09",
                "2012-03-23",
                "2012-03-30")) {
            for (String expression :
                    List.of("30 2 * * *", "15 * * * *", "*/20 1-3 * * *", "0 0 * * SUN", "0 */5 * * *")) {
                Instant from = Instant.parse(start + "T00:00:00Z");
                looksBackAsForward(schedule(expression, zone), from, from.plus(Duration.ofDays(6)));
            }
        }
    }

    private static void looksBackAsForward(Schedule schedule, Instant from, Instant to) {
        Instant last = schedule.next(from);
        while (last.isBefore(to)) {
            Instant next = schedule.next(last);
            assertThat(next).isAfter(last);
            assertThat(schedule.latest(from, next.minusNanos(1))).contains(last);
            assertThat(schedule.latest(from, last)).contains(last);
            assertThat(schedule.latest(last, next.minusNanos(1))).isEmpty();
            last = next;
        }
    }
}
