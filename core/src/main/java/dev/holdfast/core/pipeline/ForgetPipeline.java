package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes snapshots and the packs that nothing needs any more. The caller holds the source's lease, so that no run of the same catalog reuses
 * a pack meanwhile.
 */
public final class ForgetPipeline {
    private final Repository repository;
    private final Clock clock;

    public ForgetPipeline(Repository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * Removes one snapshot, then the packs that it alone needed.
     *
     * @throws IllegalArgumentException when it is held
     * @throws IOException when another snapshot of the source cannot be read: then no pack is removed, because it might need them
     */
    public Forgotten forget(Snapshot snapshot, CommitGuard guard) throws IOException {
        SourceName source = snapshot.header().source();
        SnapshotId id = snapshot.header().snapshot();
        if (repository.isHeld(source, id)) {
            throw new IllegalArgumentException("snapshot " + id + " of " + source
                    + " is held and stays; if it may go: holdfast release " + source + " " + id);
        }
        return forgetAll(source, List.of(snapshot), guard);
    }

    /**
     * Removes snapshots in the order given, held or not, then the packs that they alone needed. What dies in between leaves packs for a sweep, never a snapshot without its packs.
     *
     * @param snapshots of this source, at least one
     * @throws IOException when another snapshot of the source cannot be read: then no pack is removed, because it might need them
     */
    public Forgotten forgetAll(SourceName source, List<Snapshot> snapshots, CommitGuard guard) throws IOException {
        Map<PackId, PackRef> candidates = new LinkedHashMap<>();
        for (Snapshot snapshot : snapshots) {
            guard.verify();
            repository.storage().delete(snapshot.header().key());
            snapshot.header().packs().forEach(pack -> candidates.put(pack.id(), pack));
        }
        List<PackRef> free = free(source, candidates.values(), guard);
        return new Forgotten(
                snapshots.size(),
                free.size(),
                free.stream().mapToLong(PackRef::bytes).sum());
    }

    /** Removes those of the packs that no snapshot of the source needs; returns them. */
    List<PackRef> free(SourceName source, Collection<PackRef> candidates, CommitGuard guard) throws IOException {
        if (candidates.isEmpty()) {
            return List.of();
        }
        Set<PackId> needed = needed(source);
        List<PackRef> free =
                candidates.stream().filter(pack -> !needed.contains(pack.id())).toList();
        for (PackRef pack : free) {
            guard.verify();
            repository.storage().delete(repository.packKey(source, pack.id()));
        }
        return free;
    }

    /**
     * Removes a snapshot that cannot be read, and no pack: which it needed nobody knows, so a sweep removes those that nothing else needs.
     *
     * @throws IllegalArgumentException when it is whole
     */
    public Forgotten forgetDamaged(ObjectKey snapshot, CommitGuard guard) throws IOException {
        try {
            repository.readSnapshot(snapshot);
        } catch (StorageException e) {
            throw e;
        } catch (IOException damaged) {
            guard.verify();
            repository.storage().delete(snapshot);
            return new Forgotten(1, 0, 0);
        }
        throw new IllegalArgumentException(snapshot + " is whole: forget it without --damaged");
    }

    /**
     * Removes packs that no snapshot needs: left behind by runs that were killed. Only such as are older than {@code olderThan}, because a run of a host with another catalog may be about to name them.
     */
    public Forgotten sweep(SourceName source, Duration olderThan, CommitGuard guard) throws IOException {
        Set<PackId> needed = needed(source);
        List<StoredObject> free = new ArrayList<>();
        var stored = repository.listPacks(source);
        Instant limit = clock.instant().minus(olderThan);
        stored.forEach((id, object) -> {
            if (!needed.contains(id) && !object.modified().isAfter(limit)) {
                free.add(object);
            }
        });
        for (StoredObject object : free) {
            guard.verify();
            repository.storage().delete(object.key());
        }
        return new Forgotten(
                0, free.size(), free.stream().mapToLong(StoredObject::bytes).sum());
    }

    private Set<PackId> needed(SourceName source) throws IOException {
        Set<PackId> needed = new HashSet<>();
        for (StoredObject object : repository.listSnapshots(Optional.of(source))) {
            for (PackRef pack : SnapshotSurvey.read(repository, object).header().packs()) {
                needed.add(pack.id());
            }
        }
        return needed;
    }

    /** What was removed. */
    public record Forgotten(int snapshots, int packs, long bytes) {
        public Forgotten plus(Forgotten other) {
            return new Forgotten(snapshots + other.snapshots, packs + other.packs, bytes + other.bytes);
        }
    }
}
