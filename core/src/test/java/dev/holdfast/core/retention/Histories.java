package dev.holdfast.core.retention;

import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Snapshots for tests: a few by hand, or a random year of them. */
final class Histories {
    /** Most are good. */
    private static final List<Standing> STANDINGS = List.of(
            Standing.GOOD,
            Standing.GOOD,
            Standing.GOOD,
            Standing.GOOD,
            Standing.GOOD,
            Standing.FAILED,
            Standing.UNVERIFIED,
            Standing.SUSPICIOUS);

    private Histories() {}

    static SnapshotId id(long number) {
        return new SnapshotId("%016x".formatted(number));
    }

    /** A good one that the storage received when its host says. */
    static SnapshotFacts good(long number, String time) {
        Instant at = Instant.parse(time);
        return new SnapshotFacts(id(number), at, at, 1000, Standing.GOOD, Optional.empty(), Optional.empty());
    }

    static SnapshotFacts good(long number, Instant at) {
        return new SnapshotFacts(id(number), at, at, 1000, Standing.GOOD, Optional.empty(), Optional.empty());
    }

    static RetentionPolicy policy(Random random) {
        int[] counts = new int[6];
        Optional<Within> within = random.nextInt(3) == 0
                ? Optional.of(new Within(0, random.nextInt(3), random.nextInt(20), 1 + random.nextInt(30)))
                : Optional.empty();
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(3) == 0 ? 1 + random.nextInt(12) : 0;
        }
        if (within.isEmpty() && Arrays.stream(counts).sum() == 0) {
            counts[random.nextInt(6)] = 1 + random.nextInt(5);
        }
        return new RetentionPolicy(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], within);
    }

    /** Up to 80 snapshots of about a year, in clusters; hosts that lie, failures, holds and locks among them when {@code mishaps}. */
    static List<SnapshotFacts> year(Random random, Mishaps mishaps) {
        List<SnapshotFacts> history = new ArrayList<>();
        Instant at = Instant.parse("2025-09-01T00:00:00Z").plusSeconds(random.nextInt(40_000_000));
        int count = random.nextInt(80);
        int everySeconds = List.of(900, 3600, 86_400, 400_000).get(random.nextInt(4));
        for (int i = 0; i < count; i++) {
            at = at.plusSeconds(1 + random.nextInt(everySeconds * 2));
            SnapshotFacts facts = good(random.nextLong(), at);
            history.add(mishaps == Mishaps.SOME ? mishap(random, facts) : facts);
        }
        return history;
    }

    /** Whether a history has more than good snapshots of honest hosts. */
    enum Mishaps {
        NONE,
        SOME
    }

    private static SnapshotFacts mishap(Random random, SnapshotFacts facts) {
        Instant claimed = random.nextInt(8) == 0
                ? facts.stored().plus(Duration.ofHours(random.nextInt(4000) - 2000))
                : facts.stored().minusSeconds(random.nextInt(100));
        Standing standing = STANDINGS.get(random.nextInt(STANDINGS.size()));
        return new SnapshotFacts(
                facts.id(),
                claimed,
                facts.stored(),
                facts.bytes(),
                standing,
                random.nextInt(15) == 0 ? Optional.of("audit") : Optional.empty(),
                random.nextInt(15) == 0
                        ? Optional.of(facts.stored().plus(Duration.ofDays(random.nextInt(400))))
                        : Optional.empty());
    }
}
