package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.AuditReport.Audited;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.HiddenVersion;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compares, for every object of an immutable copy, until when its snapshots want it locked with until when the storage says that it is. Asks
 * the storage for each lock: nothing is taken from memory. Needs no key.
 */
public final class CopyAudit {
    private static final int AT_ONCE = 8;

    private final Repository copy;
    private final Optional<LockTerm> term;

    /** @param term what is wanted; without it locks are only listed */
    public CopyAudit(Repository copy, Optional<LockTerm> term) {
        this.copy = copy;
        this.term = term;
    }

    /**
     * Looks at every lock.
     *
     * @throws StorageException.Rejected of reason INVALID when the provider cannot lock
     */
    public AuditReport run() throws IOException {
        CopyLocks.requireLocks(copy.storage());
        List<String> problems = new ArrayList<>();
        NavigableMap<ObjectKey, Optional<Instant>> wanted = new TreeMap<>();
        for (SourceName source : copy.sources()) {
            want(source, wanted, problems);
        }
        Optional<Instant> last =
                wanted.values().stream().flatMap(Optional::stream).max(java.util.Comparator.naturalOrder());
        wanted.put(copy.descriptorKey(), last);
        List<Audited> objects = look(wanted);
        List<HiddenVersion> deleted = new ArrayList<>();
        List<HiddenVersion> replaced = new ArrayList<>();
        sort(deleted, replaced);
        return new AuditReport(objects, deleted, replaced, problems);
    }

    private void want(SourceName source, Map<ObjectKey, Optional<Instant>> wanted, List<String> problems)
            throws IOException {
        Map<PackId, StoredObject> packs = copy.listPacks(source);
        for (StoredObject object : copy.listSnapshots(Optional.of(source))) {
            Optional<Instant> until = term.map(lock -> lock.wantedUntil(object.modified()));
            wanted.put(object.key(), until);
            SnapshotHeader header;
            try {
                header = copy.readSnapshot(object.key()).header();
            } catch (StorageException.Unavailable | StorageException.Denied e) {
                throw e;
            } catch (IOException e) {
                problems.add(e.getMessage() + "; which packs it needs is not known");
                continue;
            }
            for (PackRef pack : header.packs()) {
                ObjectKey key = copy.packKey(source, pack.id());
                if (!packs.containsKey(pack.id())) {
                    problems.add(key + ": is missing, and " + object.key() + " needs it");
                } else {
                    wanted.merge(key, until, CopyAudit::later);
                }
            }
        }
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        boolean second = one.isEmpty() || (other.isPresent() && other.get().isAfter(one.get()));
        return second ? other : one;
    }

    private List<Audited> look(NavigableMap<ObjectKey, Optional<Instant>> wanted) throws IOException {
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, Threads.named("holdfast-audit"))) {
            List<Future<Audited>> asked = new ArrayList<>();
            wanted.forEach((key, until) -> asked.add(workers.submit(() -> {
                Optional<HeldLock> held = copy.storage().lock(key);
                return new Audited(key, until, held);
            })));
            List<Audited> objects = new ArrayList<>();
            try {
                for (Future<Audited> each : asked) {
                    objects.add(Threads.get(each));
                }
            } catch (IOException | RuntimeException | Error e) {
                asked.forEach(each -> each.cancel(false));
                throw e;
            }
            return objects;
        }
    }

    /** Tells what was deleted from what was put twice, by whether the key is listed still. */
    private void sort(List<HiddenVersion> deleted, List<HiddenVersion> replaced) throws IOException {
        for (String top : List.of("descriptor/", "packs/", "snapshots/")) {
            List<HiddenVersion> hidden = copy.storage().listHidden(top);
            if (hidden.isEmpty()) {
                continue;
            }
            Set<ObjectKey> listed = new HashSet<>();
            copy.storage().forEach(top, object -> listed.add(object.key()));
            hidden.forEach(version -> (listed.contains(version.key()) ? replaced : deleted).add(version));
        }
    }
}
