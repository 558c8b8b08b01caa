package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RepositoryCopy;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a copy of a repository up to date: for each snapshot that it lacks, newest first, the packs that it lacks, then the snapshot. Needs no
 * key. May be stopped at any moment and be run again, also by two at once: a snapshot in the copy is a whole one. What is damaged at the
 * source is reported and not copied, and keeps no other snapshot from being copied.
 *
 * <p>Memory: one pack for each transfer, the names of all snapshots, and the names of one source's packs.
 */
public final class ReplicatePipeline {
    /** A pack that a removal takes away again and again is not chased for ever. */
    private static final int ATTEMPTS = 3;

    private final Repository source;
    private final RepositoryCopy copy;
    private final ReplicateSettings settings;
    private final Clock clock;

    public ReplicatePipeline(Repository source, RepositoryCopy copy, ReplicateSettings settings, Clock clock) {
        this.source = source;
        this.copy = copy;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The resource whose lease keeps replication into a copy and removals from it apart. Backups go on meanwhile.
     *
     * @param copy names the storage and prefix of the copy, the same each time
     */
    public static String resource(RepositoryId repository, String copy) {
        return "repository/" + repository + "/copy/" + copy;
    }

    /**
     * Makes one pass.
     *
     * @param guard asked before each object is put
     * @throws StorageException when one of the two storages fails, or the target is full: what was copied until then stays and counts
     * @throws StorageException.Rejected of reason INVALID when locks are wanted and the target cannot lock
     */
    public ReplicateReport run(CopyScope scope, CommitGuard guard, RunProgress progress) throws IOException {
        Pace pace = new Pace(settings.deadline(), settings.stop(), clock);
        CopyLocks locks = CopyLocks.of(copy.repository().storage(), settings.lock(), clock);
        Map<ObjectKey, StoredObject> present = present(scope);
        List<StoredObject> wanted = wanted(scope, present);
        List<ObjectKey> left = new ArrayList<>();
        try (PackCopies packs = new PackCopies(source, copy, pace, progress, settings.transfers())) {
            Pass pass = new Pass(packs, locks, present, pace, guard, progress);
            guard.verify();
            copy.copyHolds(source, scope.source());
            if (!wanted.isEmpty()) {
                locks.extend(List.of(copy.repository().descriptorKey()), Optional.empty());
            }
            for (StoredObject object : wanted) {
                if (!left.isEmpty() || pass.copy(object) == PackCopies.Outcome.STOPPED) {
                    left.add(object.key());
                }
            }
            List<String> problems = new ArrayList<>(copy.problems());
            problems.addAll(pass.problems);
            return new ReplicateReport(
                    pass.copied, packs.packs(), packs.bytes(), locks.extended(), pass.vanished, problems, left);
        }
    }

    private Map<ObjectKey, StoredObject> present(CopyScope scope) throws IOException {
        Map<ObjectKey, StoredObject> present = new HashMap<>();
        for (StoredObject object : copy.repository().listSnapshots(scope.source())) {
            present.put(object.key(), object);
        }
        return present;
    }

    /** What the source has and the copy has not, or all of it; newest first, so that what a deadline cuts off is the oldest. */
    private List<StoredObject> wanted(CopyScope scope, Map<ObjectKey, StoredObject> present) throws IOException {
        return source.listSnapshots(scope.source()).stream()
                .filter(scope.wanted())
                .filter(object -> settings.present() == ReplicateSettings.Present.MEND
                        || Optional.ofNullable(present.get(object.key()))
                                .filter(there -> there.bytes() == object.bytes())
                                .isEmpty())
                .sorted(Comparator.comparing(Repository::finished)
                        .thenComparing(StoredObject::key)
                        .reversed())
                .toList();
    }

    /** The work of one pass. */
    private final class Pass {
        private final PackCopies packs;
        private final CopyLocks locks;
        private final Map<ObjectKey, StoredObject> present;
        private final Pace pace;
        private final CommitGuard guard;
        private final RunProgress progress;
        private final List<ObjectKey> copied = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private int vanished;
        private Optional<CopiedPacks> listing = Optional.empty();

        Pass(
                PackCopies packs,
                CopyLocks locks,
                Map<ObjectKey, StoredObject> present,
                Pace pace,
                CommitGuard guard,
                RunProgress progress) {
            this.packs = packs;
            this.locks = locks;
            this.present = present;
            this.pace = pace;
            this.guard = guard;
            this.progress = progress;
        }

        PackCopies.Outcome copy(StoredObject object) throws IOException {
            if (pace.stops()) {
                return PackCopies.Outcome.STOPPED;
            }
            Snapshot snapshot;
            try {
                snapshot = source.readSnapshot(object.key());
            } catch (StorageException.Unavailable | StorageException.Denied e) {
                throw e;
            } catch (IOException e) {
                skip(object.key(), e);
                return PackCopies.Outcome.DONE;
            }
            progress.stream(snapshot.header().source() + " " + snapshot.header().snapshot());
            try {
                return copy(snapshot);
            } catch (PackCopies.DamagedException e) {
                skip(object.key(), e);
                return PackCopies.Outcome.DONE;
            }
        }

        private PackCopies.Outcome copy(Snapshot snapshot) throws IOException {
            SourceName name = snapshot.header().source();
            List<PackRef> needed = snapshot.header().packs();
            CopiedPacks there = packsOf(name);
            List<PackRef> absent = there.absent(needed);
            List<ObjectKey> old = new ArrayList<>(needed.stream()
                    .filter(pack -> !absent.contains(pack))
                    .map(pack -> source.packKey(name, pack.id()))
                    .toList());
            Optional<StoredObject> before =
                    Optional.ofNullable(present.get(snapshot.header().key()));
            before.ifPresent(object -> old.add(object.key()));
            locks.extend(old, before.map(StoredObject::modified));
            for (int attempt = 1; ; attempt++) {
                List<PackRef> missing = there.absentNow(needed);
                if (missing.isEmpty()) {
                    break;
                }
                if (attempt > ATTEMPTS) {
                    throw new StorageException.Corrupt(
                            "packs of " + snapshot.header().key()
                                    + " vanish from the copy while they are put there; something else is at work on it",
                            null);
                }
                if (packs.copy(name, missing, guard) == PackCopies.Outcome.STOPPED) {
                    listing = Optional.empty(); // some of them may be there
                    return PackCopies.Outcome.STOPPED;
                }
                there.add(missing);
            }
            guard.verify();
            copy.put(snapshot);
            if (before.isEmpty()) {
                copied.add(snapshot.header().key());
            }
            return PackCopies.Outcome.DONE;
        }

        private CopiedPacks packsOf(SourceName name) throws IOException {
            Optional<CopiedPacks> known =
                    listing.filter(packsOf -> packsOf.source().equals(name));
            CopiedPacks there = known.isPresent() ? known.get() : new CopiedPacks(copy.repository(), name, clock);
            listing = Optional.of(there);
            return there;
        }

        /** A snapshot that was removed meanwhile is no problem; one that is there and damaged is. */
        private void skip(ObjectKey key, IOException why) throws IOException {
            listing = Optional.empty();
            if (source.storage().stat(key).isEmpty()) {
                vanished++;
            } else {
                problems.add("at the source, " + why.getMessage()
                        + (String.valueOf(why.getMessage()).contains(key.text()) ? "" : "; " + key + " needs it")
                        + "; not copied");
            }
        }
    }
}
