package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.HeldLock;
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
     * Removes one snapshot, then the packs that it alone needed. What the storage has locked stays, and is said: a snapshot that is locked keeps its
     * packs, a pack that is locked for longer than its snapshot is left for a later sweep.
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
     * Removes snapshots in the order given, held or not, then the packs that they alone needed. What dies in between leaves packs for a sweep, never
     * a snapshot without its packs.
     *
     * @param snapshots of this source, at least one
     * @throws IOException when another snapshot of the source cannot be read: then no pack is removed, because it might need them
     */
    public Forgotten forgetAll(SourceName source, List<Snapshot> snapshots, CommitGuard guard) throws IOException {
        Map<PackId, PackRef> candidates = new LinkedHashMap<>();
        Forgotten forgotten = Forgotten.NOTHING;
        for (Snapshot snapshot : snapshots) {
            guard.verify();
            Optional<Kept> locked = remove(snapshot.header().key());
            if (locked.isPresent()) {
                forgotten = forgotten.plus(new Forgotten(0, 0, 0, List.of(locked.get())));
            } else {
                forgotten = forgotten.plus(new Forgotten(1, 0, 0));
                snapshot.header().packs().forEach(pack -> candidates.put(pack.id(), pack));
            }
        }
        return forgotten.plus(free(source, candidates.values(), guard));
    }

    /** Removes those of the packs that no snapshot of the source needs. */
    Forgotten free(SourceName source, Collection<PackRef> candidates, CommitGuard guard) throws IOException {
        Forgotten forgotten = Forgotten.NOTHING;
        if (candidates.isEmpty()) {
            return forgotten;
        }
        Set<PackId> needed = needed(source);
        for (PackRef pack : candidates) {
            if (!needed.contains(pack.id())) {
                guard.verify();
                forgotten = forgotten.plus(removePack(repository.packKey(source, pack.id()), pack.bytes()));
            }
        }
        return forgotten;
    }

    private Forgotten removePack(ObjectKey key, long bytes) throws IOException {
        return remove(key)
                .map(kept -> new Forgotten(0, 0, 0, List.of(kept)))
                .orElseGet(() -> new Forgotten(0, 1, bytes));
    }

    /** Removes an object, unless the storage has locked it. */
    Optional<Kept> remove(ObjectKey key) throws IOException {
        try {
            repository.storage().delete(key);
            return Optional.empty();
        } catch (StorageException.Rejected e) {
            if (e.reason() != StorageException.Reason.LOCKED) {
                throw e;
            }
            boolean tells = repository.storage().capabilities().contains(Capability.OBJECT_LOCK);
            return Optional.of(
                    new Kept(key, tells ? repository.storage().lock(key).map(HeldLock::until) : Optional.empty()));
        }
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
            return remove(snapshot)
                    .map(kept -> new Forgotten(0, 0, 0, List.of(kept)))
                    .orElseGet(() -> new Forgotten(1, 0, 0));
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
        Forgotten forgotten = Forgotten.NOTHING;
        for (StoredObject object : free) {
            guard.verify();
            forgotten = forgotten.plus(removePack(object.key(), object.bytes()));
        }
        return forgotten;
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

    /**
     * An object that stays although it should go, because the storage has locked it.
     *
     * @param until empty when the storage does not say
     */
    public record Kept(ObjectKey key, Optional<Instant> until) {}

    /**
     * What was removed.
     *
     * @param kept what was not, because it is locked
     */
    public record Forgotten(int snapshots, int packs, long bytes, List<Kept> kept) {
        public static final Forgotten NOTHING = new Forgotten(0, 0, 0);

        public Forgotten {
            kept = List.copyOf(kept);
        }

        public Forgotten(int snapshots, int packs, long bytes) {
            this(snapshots, packs, bytes, List.of());
        }

        public Forgotten plus(Forgotten other) {
            List<Kept> both = new ArrayList<>(kept);
            both.addAll(other.kept);
            return new Forgotten(snapshots + other.snapshots, packs + other.packs, bytes + other.bytes, both);
        }
    }
}
