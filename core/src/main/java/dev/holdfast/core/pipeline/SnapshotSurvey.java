package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.retention.SizeTrend;
import dev.holdfast.core.retention.SnapshotFacts;
import dev.holdfast.core.retention.SnapshotFacts.Standing;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All snapshots of a source with what retention must know of each, seen in the storage: whether its packs are there, how large it is against the others, whether it
 * is held or locked.
 *
 * @param facts in the order of the listing, oldest first
 */
public record SnapshotSurvey(SourceName source, Map<SnapshotId, Snapshot> snapshots, List<SnapshotFacts> facts) {
    public SnapshotSurvey {
        snapshots = Map.copyOf(snapshots);
        facts = List.copyOf(facts);
    }

    /** Tells until when the storage keeps an object from being deleted. */
    @FunctionalInterface
    public interface Locks {
        /** For a storage without locks, or where nobody may ask. Its own refusal still keeps what is locked. */
        Locks NONE = object -> Optional.empty();

        Optional<Instant> until(StoredObject object) throws IOException;

        /** Those of a storage: one request for each snapshot where the provider can lock, else none. */
        static Locks of(Storage storage) {
            if (!storage.capabilities().contains(Capability.OBJECT_LOCK)) {
                return NONE;
            }
            return object -> {
                try {
                    return storage.lock(object.key()).map(HeldLock::until);
                } catch (StorageException.Denied e) {
                    return Optional.empty(); // nobody may ask; the removal is refused all the same
                }
            };
        }
    }

    /**
     * Looks.
     *
     * @throws FormatException when a snapshot cannot be read: nothing is decided while one may need any pack
     */
    public static SnapshotSurvey of(Repository repository, Holds holds, Locks locks, SourceName source)
            throws IOException {
        Optional<Map<PackId, StoredObject>> packs = packs(repository, source);
        Map<SnapshotId, String> held = holds.reasons(source);
        Map<SnapshotId, Snapshot> snapshots = new LinkedHashMap<>();
        List<SnapshotFacts> facts = new ArrayList<>();
        for (StoredObject object : repository.listSnapshots(Optional.of(source))) {
            Snapshot snapshot = read(repository, object);
            SnapshotId id = snapshot.header().snapshot();
            snapshots.put(id, snapshot);
            facts.add(new SnapshotFacts(
                    id,
                    snapshot.header().finished(),
                    object.modified(),
                    snapshot.header().plaintextBytes(),
                    packs.map(stored -> standing(snapshot, stored)).orElse(Standing.UNVERIFIED),
                    Optional.ofNullable(held.get(id)),
                    locks.until(object)));
        }
        return new SnapshotSurvey(source, snapshots, SizeTrend.judge(facts));
    }

    private static Optional<Map<PackId, StoredObject>> packs(Repository repository, SourceName source)
            throws IOException {
        try {
            return Optional.of(repository.listPacks(source));
        } catch (StorageException.Denied e) {
            return Optional.empty();
        }
    }

    private static Standing standing(Snapshot snapshot, Map<PackId, StoredObject> stored) {
        return snapshot.header().packs().stream().allMatch(pack -> isThere(pack, stored))
                ? Standing.GOOD
                : Standing.FAILED;
    }

    private static boolean isThere(PackRef pack, Map<PackId, StoredObject> stored) {
        StoredObject object = stored.get(pack.id());
        return object != null && object.bytes() == pack.bytes();
    }

    static Snapshot read(Repository repository, StoredObject object) throws IOException {
        try {
            return repository.readSnapshot(object.key());
        } catch (StorageException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException(
                    e.getMessage()
                            + "; no pack is removed while a snapshot cannot be read, because it may need them. If it is lost for"
                            + " good: holdfast forget SOURCE ID --damaged",
                    e);
        }
    }
}
