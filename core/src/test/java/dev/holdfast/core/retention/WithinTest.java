package dev.holdfast.core.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithinTest {
    @ParameterizedTest
    @ValueSource(strings = {"30d", "6m", "1y", "1y6m14d12h", "12h", "1y12h", "9999d"})
    void readsWhatItWrites(String text) {
        assertThat(Within.parse(text)).hasToString(text);
    }

    @Test
    void knowsThePartsByTheirLetters() {
        assertThat(Within.parse("1y6m14d12h")).isEqualTo(new Within(1, 6, 14, 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0d",
                "0y0m0d0h",
                "30",
                "d",
                "30D",
                "1d1y",
                "1d1d",
                " 1d",
                "1d ",
                "-1d",
                "1.5d",
                "2w",
                "99999d",
                "１d"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Within.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be like 30d, 6m, 1y or 1y6m14d12h");
    }

    @Test
    void monthsEndWithTheCalendar() {
        ZonedDateTime end = ZonedDateTime.parse("2026-03-31T12:00+02:00[Europe/Berlin]");
        assertThat(Within.parse("1m").before(end)).isEqualTo("2026-02-28T12:00+01:00[Europe/Berlin]");
        assertThat(Within.parse("1d").before(ZonedDateTime.parse("2026-03-30T02:30+02:00[Europe/Berlin]")))
                .isEqualTo("2026-03-29T03:30+02:00[Europe/Berlin]");
    }

    @Test
    void aPolicyReadsWell() {
        assertThat(RetentionPolicy.DEFAULT).hasToString("7 daily, 4 weekly, 12 monthly");
        assertThat(RetentionPolicy.keepLast(7)).hasToString("7 last");
        assertThat(new RetentionPolicy(0, 0, 0, 0, 0, 0, Optional.of(Within.parse("30d"))))
                .hasToString("within 30d");
    }
}
