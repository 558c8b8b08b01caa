package dev.holdfast.core.retention;

import dev.holdfast.core.retention.SnapshotFacts.Standing;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which snapshots of one source stay and which go, with the reasons. In this order:
 *
 * <ol>
 *   <li>What is held, or locked in the storage, stays.
 *   <li>While there is no good snapshot, everything stays.
 *   <li>The newest good one stays.
 *   <li>Good ones stay when a rule of the policy keeps them. Only good ones are counted.
 *   <li>A failed one stays until a good one is newer.
 *   <li>One that is unverified or suspiciously small stays as long as it would if it were good, but takes no good one's place.
 * </ol>
 *
 * <p>Times: a host that lies must not make the policy drop good snapshots. So the policy is asked twice, by the time that the host claims and by the
 * time of the storage, and a snapshot goes only when both agree. The storage's time counts only where it is more than 5 minutes before or an hour after the claim.
 * A repository that was moved, whose objects are all as new as the move, thus keeps its history by the claims.
 *
 * @param verdicts newest first, by the claimed time
 */
public record RetentionPlan(List<Verdict> verdicts) {
    public RetentionPlan {
        verdicts = List.copyOf(verdicts);
    }

    /** What becomes of a snapshot. */
    public enum Fate {
        KEEP,
        DELETE
    }

    /**
     * One snapshot's fate.
     *
     * @param reasons at least one, for people, for example {@code daily 3 of 7 (2026-11-27)}
     */
    public record Verdict(SnapshotFacts snapshot, Fate fate, List<String> reasons) {
        public Verdict {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Decides about all snapshots of one source.
     *
     * @param zone whose days, weeks and months count
     * @param now to see which locks have run out
     */
    public static RetentionPlan of(RetentionPolicy policy, List<SnapshotFacts> snapshots, ZoneId zone, Instant now) {
        Timeline claimed = Timeline.claimed(policy, snapshots, zone);
        Timeline stored = Timeline.stored(policy, snapshots, zone);
        List<Verdict> verdicts = new ArrayList<>();
        for (SnapshotFacts snapshot : snapshots) {
            List<String> reasons = reasonsToKeep(snapshot, claimed, stored, now);
            verdicts.add(
                    reasons.isEmpty()
                            ? new Verdict(snapshot, Fate.DELETE, List.of(whyNot(snapshot)))
                            : new Verdict(snapshot, Fate.KEEP, reasons));
        }
        verdicts.sort(
                Comparator.comparing((Verdict verdict) -> verdict.snapshot().claimed())
                        .thenComparing(verdict -> verdict.snapshot().id().hex())
                        .reversed());
        return new RetentionPlan(verdicts);
    }

    private static List<String> reasonsToKeep(SnapshotFacts snapshot, Timeline claimed, Timeline stored, Instant now) {
        List<String> reasons = new ArrayList<>();
        snapshot.hold().ifPresent(why -> reasons.add(why.isEmpty() ? "held" : "held: " + why));
        snapshot.lockedUntil().filter(now::isBefore).ifPresent(until -> reasons.add("locked until " + until));
        if (claimed.isEmpty()) {
            reasons.add("there is no good snapshot");
            return reasons;
        }
        boolean newest = claimed.rank(snapshot) == 0 || stored.rank(snapshot) == 0;
        switch (snapshot.standing()) {
            case GOOD -> {
                if (newest) {
                    reasons.add("newest good one");
                }
                reasons.addAll(byPolicy(snapshot, claimed, stored));
            }
            case FAILED -> {
                if (newest) {
                    reasons.add("failed, and no good one is newer");
                }
            }
            case UNVERIFIED ->
                byPolicy(snapshot, claimed, stored).forEach(why -> reasons.add("unverified, not counted; " + why));
            case SUSPICIOUS ->
                byPolicy(snapshot, claimed, stored)
                        .forEach(why -> reasons.add("suspiciously small, not counted; " + why));
        }
        return reasons;
    }

    private static List<String> byPolicy(SnapshotFacts snapshot, Timeline claimed, Timeline stored) {
        List<String> reasons = claimed.reasons(snapshot);
        return reasons.isEmpty()
                ? stored.reasons(snapshot).stream()
                        .map(why -> why + " by the storage's time")
                        .toList()
                : reasons;
    }

    private static String whyNot(SnapshotFacts snapshot) {
        return snapshot.standing() == Standing.FAILED ? "failed, and a good one is newer" : "no rule keeps it";
    }

    /** What goes, oldest first: the order to delete in. */
    public List<SnapshotFacts> deletions() {
        return with(Fate.DELETE).reversed();
    }

    /** What stays, newest first. */
    public List<SnapshotFacts> kept() {
        return with(Fate.KEEP);
    }

    private List<SnapshotFacts> with(Fate fate) {
        return verdicts.stream()
                .filter(verdict -> verdict.fate() == fate)
                .map(Verdict::snapshot)
                .toList();
    }

    /** Whether it removes more than half of the source's snapshots: such a plan is carried out only when it is asked for a second time, and is worth an alert. */
    public boolean isDrastic() {
        return deletions().size() > verdicts.size() / 2.0;
    }
}
