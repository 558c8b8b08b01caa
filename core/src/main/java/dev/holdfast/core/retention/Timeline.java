package dev.holdfast.core.retention;

import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The good snapshots of a source in the order of one clock, and what a policy says of any snapshot there. A snapshot is kept by a counting rule when it is the newest
 * of its period, and fewer periods than wanted have a good one that is newer.
 */
final class Timeline {
    /** A claim is believed when the storage received the snapshot so soon after it; so much is enough for a last put that is retried. */
    private static final Duration BELIEVED_LATER = Duration.ofHours(1);
    /** Two clocks may differ by so much. */
    private static final Duration BELIEVED_EARLIER = Duration.ofMinutes(5);

    private static final Comparator<Entry> NEWEST_FIRST = Comparator.comparing(Entry::time)
            // all that a copy wrote in one second keeps its order
            .thenComparing(entry -> entry.facts().claimed())
            .thenComparing(entry -> entry.facts().id().hex())
            .reversed();

    private final RetentionPolicy policy;
    private final ZoneId zone;
    private final Function<SnapshotFacts, Instant> clock;
    private final List<Entry> good = new ArrayList<>();
    /** For each rule and rank, how many periods the good ones before it are in. */
    private final Map<Rule, int[]> periodsBefore = new EnumMap<>(Rule.class);

    private record Entry(SnapshotFacts facts, Instant time) {}

    private Timeline(
            RetentionPolicy policy, List<SnapshotFacts> all, ZoneId zone, Function<SnapshotFacts, Instant> clock) {
        this.policy = policy;
        this.zone = zone;
        this.clock = clock;
        for (SnapshotFacts facts : all) {
            if (facts.standing() == Standing.GOOD) {
                good.add(new Entry(facts, clock.apply(facts)));
            }
        }
        good.sort(NEWEST_FIRST);
        for (Rule rule : Rule.values()) {
            int[] before = new int[good.size() + 1];
            for (int rank = 0; rank < good.size(); rank++) {
                before[rank + 1] = before[rank] + (newestOfItsPeriod(rule, good.get(rank), rank) ? 1 : 0);
            }
            periodsBefore.put(rule, before);
        }
    }

    /** By what the hosts say. */
    static Timeline claimed(RetentionPolicy policy, List<SnapshotFacts> all, ZoneId zone) {
        return new Timeline(policy, all, zone, SnapshotFacts::claimed);
    }

    /** By what the storage says where it contradicts the host. */
    static Timeline stored(RetentionPolicy policy, List<SnapshotFacts> all, ZoneId zone) {
        return new Timeline(policy, all, zone, Timeline::settled);
    }

    static Instant settled(SnapshotFacts facts) {
        boolean believed = !facts.stored().isBefore(facts.claimed().minus(BELIEVED_EARLIER))
                && !facts.stored().isAfter(facts.claimed().plus(BELIEVED_LATER));
        return believed ? facts.claimed() : facts.stored();
    }

    boolean isEmpty() {
        return good.isEmpty();
    }

    private boolean newestOfItsPeriod(Rule rule, Entry entry, int rank) {
        return rank == 0
                || !rule.period(entry.time(), zone, rank)
                        .equals(rule.period(good.get(rank - 1).time(), zone, rank - 1));
    }

    /** How many good snapshots are newer. */
    int rank(SnapshotFacts facts) {
        Entry entry = new Entry(facts, clock.apply(facts));
        int low = 0;
        int high = good.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (NEWEST_FIRST.compare(good.get(middle), entry) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Why the policy keeps a snapshot; empty when it does not. For one that is not good: why it would if it were, without counting it.
     */
    List<String> reasons(SnapshotFacts facts) {
        Entry entry = new Entry(facts, clock.apply(facts));
        int rank = rank(facts);
        List<String> reasons = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            int wanted = rule.count(policy);
            int before = periodsBefore.getOrDefault(rule, new int[0])[rank];
            if (before < wanted && newestOfItsPeriod(rule, entry, rank)) {
                String which = rule == Rule.LAST ? "" : " (" + rule.period(entry.time(), zone, rank) + ")";
                reasons.add(rule.label() + " " + (before + 1) + " of " + wanted + which);
            }
        }
        policy.within()
                .filter(length -> rank == 0
                        || !entry.time()
                                .isBefore(length.before(good.getFirst().time().atZone(zone))
                                        .toInstant()))
                .ifPresent(length -> reasons.add("within " + length));
        return reasons;
    }
}
