package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.ForgetPipeline.Forgotten;
import dev.holdfast.core.pipeline.ForgetPipeline.Kept;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Frees the space of packs that are mostly dead: their live chunks are copied, sealed as they are, into new packs, and the snapshots that need them are written anew with the same
 * content and times, signed by this host, under a new id. No key that opens chunks is needed.
 *
 * <p>Whatever is interrupted, every snapshot can be restored: new packs come first, then for one snapshot after the other the new object before the old one is removed, at the
 * end the old packs. Packs of held and of locked snapshots are left alone, and so are those that are not what their name says: a copy would hide the damage.
 *
 * <p>Memory: two packs, one recipe, and 16 bytes for each chunk that the source needs. The caller holds the source's lease.
 */
public final class RepackPipeline {
    private final Repository repository;
    private final RepositorySecret secret;
    private final HostKey host;
    private final Holds holds;
    private final SnapshotSurvey.Locks locks;
    private final SecureRandom random;
    private final ForgetPipeline forget;

    /**
     * @param host this host's signing key
     * @throws IllegalArgumentException when the repository does not know the host: its snapshots would not verify
     */
    public RepackPipeline(
            Repository repository,
            RepositorySecret secret,
            HostKey host,
            Holds holds,
            SnapshotSurvey.Locks locks,
            SecureRandom random) {
        if (repository.descriptor().host(host.publicHalf().id()).isEmpty()) {
            throw new IllegalArgumentException("the repository does not know this host yet: back something up first");
        }
        this.repository = repository;
        this.secret = secret;
        this.host = host;
        this.holds = holds;
        this.locks = locks;
        this.random = random;
        this.forget = new ForgetPipeline(repository, Clock.systemUTC());
    }

    /**
     * What was done.
     *
     * @param snapshots written anew
     * @param damaged packs that were left alone because they are not what their name says: run check
     * @param kept old packs that the storage has locked: copied, and still there
     */
    public record Repacked(
            int snapshots,
            int oldPacks,
            long oldBytes,
            int newPacks,
            long newBytes,
            List<PackId> damaged,
            List<Kept> kept) {
        public Repacked {
            damaged = List.copyOf(damaged);
            kept = List.copyOf(kept);
        }

        /** Bytes of the storage that are free now. */
        public long freedBytes() {
            return oldBytes - newBytes;
        }
    }

    /** Repacks one source, as far as it is worth it. */
    public Repacked run(SourceName source, CommitGuard guard) throws IOException {
        List<Movable> snapshots = snapshots(source, guard);
        LiveChunks live = new LiveChunks();
        Set<PackId> pinned = new HashSet<>();
        for (Movable each : snapshots) {
            if (each.mayMove()) {
                live.add(each.header(), recipe(each.header()));
            } else {
                each.header().packs().forEach(pack -> pinned.add(pack.id()));
            }
        }
        PackMover mover = new PackMover(repository, secret, source, random, guard);
        Map<PackId, StoredObject> stored = repository.listPacks(source);
        for (LiveChunks.Pack pack : worthwhile(live, pinned, stored)) {
            mover.move(pack);
        }
        mover.finish();
        int rewritten = 0;
        for (Movable each : snapshots) {
            if (each.mayMove() && each.header().packs().stream().anyMatch(pack -> mover.hasMoved(pack.id()))) {
                rewrite(each.header(), mover, guard);
                rewritten++;
            }
        }
        Forgotten freed = forget.free(source, mover.moved(), guard);
        return new Repacked(
                rewritten,
                freed.packs(),
                freed.bytes(),
                mover.written().size(),
                mover.written().stream().mapToLong(PackRef::bytes).sum(),
                mover.damaged(),
                freed.kept());
    }

    /** A snapshot, and whether its object may be replaced by another. */
    private record Movable(SnapshotHeader header, boolean mayMove) {}

    private List<Movable> snapshots(SourceName source, CommitGuard guard) throws IOException {
        Set<SnapshotId> held = holds.reasons(source).keySet();
        List<Movable> all = new ArrayList<>();
        Map<String, SnapshotHeader> known = new HashMap<>();
        for (StoredObject object : byTimeWritten(source)) {
            SnapshotHeader header = SnapshotSurvey.read(repository, object).header();
            boolean mayMove = !held.contains(header.snapshot()) && !isLocked(object);
            SnapshotHeader twin = known.putIfAbsent(
                    header.runs().getFirst().run() + " " + header.started() + " " + header.finished(), header);
            if (twin != null && mayMove) {
                // a repack died between writing the new one, which is first in this order, and removing this one
                guard.verify();
                forget.remove(header.key());
            } else {
                all.add(new Movable(header, mayMove));
            }
        }
        return all;
    }

    private List<StoredObject> byTimeWritten(SourceName source) throws IOException {
        return repository.listSnapshots(Optional.of(source)).stream()
                .sorted(Comparator.comparing(StoredObject::modified).reversed())
                .toList();
    }

    private Recipe recipe(SnapshotHeader header) throws IOException {
        return repository.recipe(repository.readSnapshot(header.key()), secret);
    }

    /** Those of one run follow each other, so that their chunks can share a pack. */
    private List<LiveChunks.Pack> worthwhile(LiveChunks live, Set<PackId> pinned, Map<PackId, StoredObject> stored)
            throws IOException {
        List<LiveChunks.Pack> found = new ArrayList<>();
        for (LiveChunks.Pack pack : live.packs()) {
            StoredObject object = stored.get(pack.ref().id());
            if (object != null
                    && object.bytes() == pack.ref().bytes()
                    && pack.isMostlyDead()
                    && !pinned.contains(pack.ref().id())
                    && !isLocked(object)) {
                found.add(pack);
            }
        }
        found.sort(Comparator.comparing(pack -> pack.run().hex()));
        return found;
    }

    private boolean isLocked(StoredObject object) throws IOException {
        return locks.until(object).filter(Instant.now()::isBefore).isPresent();
    }

    private void rewrite(SnapshotHeader old, PackMover mover, CommitGuard guard) throws IOException {
        SnapshotRewrite rewrite = SnapshotRewrite.of(
                old,
                recipe(old),
                mover,
                secret.indexCipher(repository.descriptor().repository()),
                host.publicHalf().id(),
                random);
        guard.verify();
        repository.commit(rewrite.header(), rewrite.recipe(), host);
        Snapshot written = repository.readSnapshot(rewrite.header().key());
        // opened before the old one goes: it checks every reference against the new packs
        repository.recipe(written, secret);
        guard.verify();
        // a hold that another host placed meanwhile
        if (!repository.isHeld(old.source(), old.snapshot())) {
            forget.remove(old.key());
        }
    }
}
