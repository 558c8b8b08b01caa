package dev.holdfast.shim.daemon;

import dev.holdfast.core.freshness.SmallSnapshot;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.retention.SizeTrend;
import dev.holdfast.core.retention.SnapshotFacts;
import dev.holdfast.core.retention.SnapshotFacts.Standing;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** When the snapshots of a source were begun, from their headers. What was read once is remembered: a snapshot never changes. */
final class SnapshotTimes {
    /** Enough to know the newest good one and the trend of sizes. */
    private static final int NEWEST = 15;

    private final Map<ObjectKey, Facts> known = new ConcurrentHashMap<>();

    private record Facts(Instant began, SnapshotFacts snapshot) {}

    /**
     * The good ones among the newest.
     *
     * @param small the newest snapshot, when it is suspiciously small
     */
    record Good(List<Instant> taken, Optional<SmallSnapshot> small) {
        Good {
            taken = List.copyOf(taken);
        }
    }

    /** Reads what is new. A snapshot that is damaged is not good. */
    Good of(Repository repository, SourceName source) throws IOException {
        List<StoredObject> objects = repository.listSnapshots(Optional.of(source));
        List<Facts> newest = new ArrayList<>();
        for (StoredObject object : objects.subList(Math.max(0, objects.size() - NEWEST), objects.size())) {
            facts(repository, object).ifPresent(newest::add);
        }
        return good(newest);
    }

    private Optional<Facts> facts(Repository repository, StoredObject object) throws IOException {
        Facts facts = known.get(object.key());
        if (facts != null) {
            return Optional.of(facts);
        }
        try {
            SnapshotHeader header = repository.readSnapshot(object.key()).header();
            Facts read = new Facts(
                    header.started(),
                    new SnapshotFacts(
                            header.snapshot(),
                            header.finished(),
                            object.modified(),
                            header.plaintextBytes(),
                            Standing.GOOD,
                            Optional.empty(),
                            Optional.empty()));
            known.put(object.key(), read);
            return Optional.of(read);
        } catch (StorageException e) {
            throw e;
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    /** Those that are far smaller than the ones before them are left out, see {@link SizeTrend}. */
    private static Good good(List<Facts> oldestFirst) {
        List<SnapshotFacts> judged =
                SizeTrend.judge(oldestFirst.stream().map(Facts::snapshot).toList());
        List<Instant> taken = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        Optional<Facts> small = Optional.empty();
        for (int i = 0; i < judged.size(); i++) {
            Facts facts = oldestFirst.get(i);
            if (judged.get(i).standing() == Standing.GOOD) {
                taken.add(facts.began());
                sizes.add(facts.snapshot().bytes());
                small = Optional.empty();
            } else {
                small = Optional.of(facts);
            }
        }
        return new Good(taken, small.map(facts -> small(facts, sizes)));
    }

    private static SmallSnapshot small(Facts facts, List<Long> usual) {
        List<Long> sorted = usual.stream().sorted().toList();
        return new SmallSnapshot(facts.began(), facts.snapshot().bytes(), sorted.get((sorted.size() - 1) / 2));
    }
}
