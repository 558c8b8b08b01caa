package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/**
 * Looks whether a repository is whole, and goes on after a problem to name them all.
 *
 * <p>Without a key: every snapshot has a known host's signature and its own name, and every pack it needs is there with its length;
 * with {@code --read-data} each pack's bytes fit its name. With the repository secret also: the descriptor is authentic and every recipe opens. With an
 * identity also: every chunk of the packs read opens to the plain text that its id names.
 */
public final class CheckPipeline {
    private final Repository repository;
    private final Optional<RepositorySecret> secret;
    private final List<Identity> identities;
    private final int threads;
    private final RandomGenerator random;

    public CheckPipeline(
            Repository repository,
            Optional<RepositorySecret> secret,
            List<Identity> identities,
            int threads,
            RandomGenerator random) {
        this.repository = repository;
        this.secret = secret;
        this.identities = List.copyOf(identities);
        this.threads = threads;
        this.random = random;
    }

    /**
     * Checks one source, or all.
     *
     * @throws StorageException.Unavailable or Denied when the storage cannot be looked at; damage is reported instead
     */
    public CheckReport run(Optional<SourceName> only, CheckDepth depth, RunProgress progress) throws IOException {
        List<String> problems = Collections.synchronizedList(new ArrayList<>());
        if (secret.isPresent()) {
            repository.verified(secret.get());
        }
        int snapshots = 0;
        int packs = 0;
        int unneeded = 0;
        PackCheck.Totals totals = new PackCheck.Totals();
        List<SourceName> sources = only.isPresent() ? List.of(only.get()) : repository.sources();
        for (SourceName source : sources) {
            progress.stream(source.text());
            Map<PackId, StoredObject> stored = repository.listPacks(source);
            Map<PackId, PackCheck> needed = new LinkedHashMap<>();
            snapshots += readSnapshots(source, stored, needed, problems);
            packs += needed.size();
            unneeded += (int) stored.keySet().stream()
                    .filter(id -> !needed.containsKey(id))
                    .count();
            readPacks(choose(needed, stored, depth), totals, problems, progress);
        }
        return new CheckReport(snapshots, packs, totals.packs(), totals.bytes(), totals.chunks(), unneeded, problems);
    }

    private int readSnapshots(
            SourceName source, Map<PackId, StoredObject> stored, Map<PackId, PackCheck> needed, List<String> problems)
            throws IOException {
        int whole = 0;
        for (StoredObject object : repository.listSnapshots(Optional.of(source))) {
            int before = problems.size();
            try {
                Snapshot snapshot = repository.readSnapshot(object.key());
                checkPacks(snapshot, stored, problems);
                addChunks(snapshot, needed);
            } catch (StorageException.Unavailable | StorageException.Denied e) {
                throw e;
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
            whole += problems.size() == before ? 1 : 0;
        }
        return whole;
    }

    private void checkPacks(Snapshot snapshot, Map<PackId, StoredObject> stored, List<String> problems) {
        for (PackRef pack : snapshot.header().packs()) {
            StoredObject object = stored.get(pack.id());
            String name =
                    repository.packKey(snapshot.header().source(), pack.id()).text();
            if (object == null) {
                problems.add(name + ": is missing, and " + snapshot.header().key() + " needs it");
            } else if (object.bytes() != pack.bytes()) {
                problems.add(name + ": is " + object.bytes() + " bytes instead of " + pack.bytes());
            }
        }
    }

    private void addChunks(Snapshot snapshot, Map<PackId, PackCheck> needed) throws IOException {
        for (PackRef pack : snapshot.header().packs()) {
            needed.computeIfAbsent(
                    pack.id(), id -> new PackCheck(repository, snapshot.header().source(), pack));
        }
        if (secret.isEmpty()) {
            return;
        }
        Recipe recipe = repository.recipe(snapshot, secret.get());
        if (identities.isEmpty()) {
            return;
        }
        SnapshotKeys keys = SnapshotKeys.open(snapshot.header(), identities);
        for (int i = 0; i < recipe.chunkCount(); i++) {
            var chunk = recipe.chunk(i);
            PackCheck check =
                    needed.get(snapshot.header().packs().get(chunk.pack()).id());
            if (check != null) {
                check.expect(chunk, keys);
            }
        }
    }

    private List<PackCheck> choose(Map<PackId, PackCheck> needed, Map<PackId, StoredObject> stored, CheckDepth depth) {
        List<PackCheck> there = new ArrayList<>(needed.values().stream()
                .filter(check -> Optional.ofNullable(stored.get(check.pack().id()))
                        .map(object -> object.bytes() == check.pack().bytes())
                        .orElse(false))
                .toList());
        int count = (int) Math.ceil(there.size() * depth.percent() / 100);
        if (count < there.size()) {
            Collections.shuffle(there, java.util.Random.from(random));
        }
        return there.subList(0, count);
    }

    private void readPacks(List<PackCheck> checks, PackCheck.Totals totals, List<String> problems, RunProgress progress)
            throws IOException {
        try (ExecutorService workers = Executors.newFixedThreadPool(threads, Threads.named("holdfast-check"))) {
            ConcurrentLinkedQueue<PackCheck.Buffers> idle = new ConcurrentLinkedQueue<>();
            List<Future<?>> running = new ArrayList<>();
            for (PackCheck check : checks) {
                running.add(workers.submit(() -> {
                    PackCheck.Buffers buffers = Objects.requireNonNullElseGet(idle.poll(), PackCheck.Buffers::new);
                    check.run(buffers, secret, totals, problems, progress);
                    idle.add(buffers);
                    return Optional.empty();
                }));
            }
            try {
                for (Future<?> one : running) {
                    Threads.get(one);
                }
            } catch (IOException | RuntimeException | Error e) {
                running.forEach(one -> one.cancel(false));
                throw e;
            }
        }
    }
}
