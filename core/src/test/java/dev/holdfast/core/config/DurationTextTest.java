package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"24h,86400", "30m,1800", "7d,604800", "2w,1209600", "1d12h,129600", "90s,90", "1h30m,5400", "0s,0"})
    void lengthsOfTimeAreRead(String text, long seconds) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "24", "h", "24 h", "1h1d", "-1h", "1.5h", "1H", "24h ", "999999999999h"})
    void everythingElseIsRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a length of time like 30m, 24h, 7d or 1d12h");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            Duration duration = Duration.ofSeconds(random.nextLong(1L << (1 + random.nextInt(30))));
            assertThat(DurationText.parse(DurationText.of(duration))).isEqualTo(duration);
        }
        assertThat(DurationText.of(Duration.ofHours(26))).isEqualTo("26h");
        assertThat(DurationText.of(Duration.ofDays(7))).isEqualTo("7d");
    }
}
