package dev.holdfast.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.model.SourceName;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StaggerTest {
    /** {@code printf shop-db | sha256sum} begins with 8 bytes whose remainder by 3600 this is: every version and host must agree. */
    @Test
    void aNameHasItsOffsetForEver() {
        assertThat(Stagger.of(new SourceName("shop-db"), Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(3564));
        assertThat(Stagger.of(new SourceName("shop-db"), Duration.ZERO)).isZero();
        assertThat(Stagger.of(new SourceName("shop-db"), Duration.ofMillis(999)))
                .isZero();
    }

    @Test
    void namesAreSpreadOverTheWindow() {
        Duration window = Duration.ofMinutes(30);
        Set<Duration> offsets = IntStream.range(0, 100)
                .mapToObj(i -> Stagger.of(new SourceName("db-" + i), window))
                .collect(Collectors.toSet());
        assertThat(offsets).allMatch(offset -> !offset.isNegative() && offset.compareTo(window) < 0);
        assertThat(offsets).hasSizeGreaterThan(90);
        for (int third = 0; third < 3; third++) {
            Duration from = window.dividedBy(3).multipliedBy(third);
            Duration to = from.plus(window.dividedBy(3));
            assertThat(offsets.stream().filter(o -> o.compareTo(from) >= 0 && o.compareTo(to) < 0))
                    .as("part %d", third)
                    .hasSizeBetween(15, 55);
        }
    }
}
