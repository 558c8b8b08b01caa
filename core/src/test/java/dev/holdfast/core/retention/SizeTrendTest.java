package dev.holdfast.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SizeTrendTest {
    private static final Instant START = Instant.parse("2026-01-01T02:00:00Z");

    /** Which of a series of backups are suspicious, by their position. */
    private static List<Integer> suspicious(Duration every, long... sizes) {
        List<SnapshotFacts> all = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            Instant at = START.plus(every.multipliedBy(i));
            all.add(new SnapshotFacts(
                    Histories.id(i), at, at, sizes[i], Standing.GOOD, Optional.empty(), Optional.empty()));
        }
        List<SnapshotFacts> judged = SizeTrend.judge(all);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            assertThat(judged.get(i).id()).isEqualTo(all.get(i).id());
            if (judged.get(i).standing() == Standing.SUSPICIOUS) {
                found.add(i);
            }
        }
        return found;
    }

    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void firstBackupsHaveNoTrend() {
        assertThat(suspicious(DAY)).isEmpty();
        assertThat(suspicious(DAY, 0)).isEmpty();
        assertThat(suspicious(DAY, 1000, 1)).isEmpty();
        assertThat(suspicious(DAY, 1000, 1000, 1)).isEmpty();
        assertThat(suspicious(DAY, 1000, 1000, 1000, 1)).containsExactly(3);
        assertThat(suspicious(DAY, 0, 0, 0, 0, 5)).isEmpty();
    }

    @Test
    void growthIsNoReason() {
        assertThat(suspicious(DAY, 1, 2, 4, 8, 16, 32, 64, 128, 256)).isEmpty();
        assertThat(suspicious(DAY, 1000, 1010, 1020, 1500, 900, 1100)).isEmpty();
    }

    @Test
    void halfIsWell() {
        assertThat(suspicious(DAY, 1000, 1000, 1000, 500)).isEmpty();
        assertThat(suspicious(DAY, 1000, 1000, 1000, 499)).containsExactly(3);
    }

    @Test
    void anEmptyDumpStandsOutAndMovesNothing() {
        assertThat(suspicious(DAY, 1000, 1000, 1000, 10, 1000, 10, 10, 1000)).containsExactly(3, 5, 6);
    }

    /** A month of slow growth and one that was ten times too large. */
    @Test
    void oneOddLargeOneMakesTheNextNotSuspicious() {
        assertThat(suspicious(DAY, 1000, 1000, 1000, 10_000, 1000, 1000)).isEmpty();
    }

    @Test
    void dataThatWasDeletedIsTheNewTrendAfterFiveAndThreeDays() {
        assertThat(suspicious(DAY, 1000, 1000, 1000, 100, 100, 100, 100)).containsExactly(3, 4, 5, 6);
        assertThat(suspicious(DAY, 1000, 1000, 1000, 100, 100, 100, 100, 100)).isEmpty();
        assertThat(suspicious(DAY, 1000, 1000, 1000, 100, 100, 100, 100, 100, 100, 10))
                .containsExactly(9);
        assertThat(suspicious(Duration.ofHours(1), 1000, 1000, 1000, 100, 100, 100, 100, 100))
                .containsExactly(3, 4, 5, 6, 7);
    }

    @Test
    void aSeriesThatShrinksFurtherIsNoTrendBeforeItRests() {
        assertThat(suspicious(DAY, 1000, 1000, 1000, 400, 190, 90, 40, 20)).containsExactly(3, 4, 5, 6, 7);
        assertThat(suspicious(DAY, 1000, 1000, 1000, 1, 100, 100, 100, 100, 100))
                .containsExactly(3);
    }

    @Test
    void whatIsNotGoodIsNeitherJudgedNorCounted() {
        List<SnapshotFacts> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(Histories.good(i, START.plus(DAY.multipliedBy(i))).with(Standing.FAILED));
        }
        SnapshotFacts small = new SnapshotFacts(
                Histories.id(9),
                START.plus(DAY.multipliedBy(9)),
                START.plus(DAY.multipliedBy(9)),
                1,
                Standing.GOOD,
                Optional.empty(),
                Optional.empty());
        all.add(small);
        assertThat(SizeTrend.judge(all)).isEqualTo(all);
    }
}
