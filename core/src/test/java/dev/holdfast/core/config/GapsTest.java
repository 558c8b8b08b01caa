package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.schedule.Schedule;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapsTest {
    @ParameterizedTest
    @CsvSource({
        "0 2 * * *,24h,24h",
        "@daily,24h,24h",
        "30 * * * *,1h,1h",
        "*/5 * * * *,5m,5m",
        "'0 2,3 * * *',23h,1h",
        "0 2 * * 1-5,72h,24h",
        "*/5 8-17 * * 1-5,62h5m,5m",
        "@weekly,168h,168h",
        "0 4 1 * *,744h,672h",
        "0 4 1 1 *,8784h,8760h",
        "0 4 29 2 *,35064h,35064h",
    })
    void theLongestAndTheShortestTimeBetweenTwoRuns(String expression, String longest, String shortest) {
        Gaps gaps = Gaps.of(new Schedule(expression, ZoneId.of("Europe/Vienna"), Duration.ZERO));
        assertThat(gaps.longest()).isEqualTo(DurationText.parse(longest));
        assertThat(gaps.shortest()).isEqualTo(DurationText.parse(shortest));
    }
}
