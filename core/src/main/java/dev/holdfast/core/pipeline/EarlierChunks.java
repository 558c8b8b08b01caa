package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.WrappedKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RunKeys;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run may reuse: the chunks of the source's newest snapshots whose packs are in the storage with their length, and whose run
 * keys are wrapped to everyone the repository is sealed to now.
 */
final class EarlierChunks {
    /** Looking at more than the newest snapshot finds again what one odd run left out. */
    private static final int SNAPSHOTS = 3;

    private final ChunkIndex index = new ChunkIndex();
    private final List<PackRef> packs = new ArrayList<>();
    private final List<RunKeys> runs = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<StoredObject> newest = Optional.empty();

    /** Reads the newest snapshots; a storage that lets us put but not look gives an empty result and a warning. */
    static EarlierChunks load(
            Repository repository, SourceName source, RepositorySecret secret, List<Recipient> recipients)
            throws IOException {
        EarlierChunks earlier = new EarlierChunks();
        try {
            List<StoredObject> snapshots = repository.listSnapshots(Optional.of(source));
            if (!snapshots.isEmpty()) {
                earlier.newest = Optional.of(snapshots.getLast());
                Map<PackId, StoredObject> stored = repository.listPacks(source);
                int from = Math.max(0, snapshots.size() - SNAPSHOTS);
                for (StoredObject snapshot :
                        snapshots.subList(from, snapshots.size()).reversed()) {
                    earlier.read(repository, snapshot, secret, recipients, stored);
                }
            }
        } catch (StorageException.Denied e) {
            earlier.warnings.add("earlier snapshots may not be read here, so nothing is deduplicated against them: "
                    + e.getMessage());
        }
        return earlier;
    }

    private void read(
            Repository repository,
            StoredObject object,
            RepositorySecret secret,
            List<Recipient> recipients,
            Map<PackId, StoredObject> stored)
            throws IOException {
        Snapshot snapshot;
        Recipe recipe;
        try {
            snapshot = repository.readSnapshot(object.key());
            recipe = repository.recipe(snapshot, secret);
        } catch (StorageException e) {
            throw e;
        } catch (IOException e) {
            warnings.add("an earlier snapshot is damaged and is not built upon; run check: " + e.getMessage());
            return;
        }
        add(snapshot, recipe, recipients, stored);
    }

    private void add(Snapshot snapshot, Recipe recipe, List<Recipient> recipients, Map<PackId, StoredObject> stored) {
        int[] runNumbers = snapshot.header().runs().stream()
                .mapToInt(run -> openableByAll(run, recipients) ? number(run) : ChunkIndex.NONE)
                .toArray();
        int[] packNumbers = new int[snapshot.header().packs().size()];
        for (int i = 0; i < packNumbers.length; i++) {
            packNumbers[i] = packNumber(snapshot.header().packs().get(i), stored);
        }
        for (int i = 0; i < recipe.chunkCount(); i++) {
            ChunkRef chunk = recipe.chunk(i);
            int run = runNumbers[chunk.run()];
            int pack = packNumbers[chunk.pack()];
            if (run != ChunkIndex.NONE && pack != ChunkIndex.NONE && index.find(chunk.chunkId()) == ChunkIndex.NONE) {
                index.add(
                        chunk.chunkId(),
                        new ChunkIndex.Place(
                                run, pack, chunk.offset(), chunk.sealedLength(), chunk.rawLength(), chunk.codec()));
            }
        }
    }

    private static boolean openableByAll(RunKeys run, List<Recipient> recipients) {
        Set<String> ids = run.keys().stream().map(WrappedKey::recipientId).collect(Collectors.toSet());
        return recipients.stream().allMatch(recipient -> ids.contains(recipient.id()));
    }

    private int number(RunKeys run) {
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).run().equals(run.run())) {
                return i;
            }
        }
        runs.add(run);
        return runs.size() - 1;
    }

    private final Map<PackId, Integer> packNumbers = new HashMap<>();

    private int packNumber(PackRef pack, Map<PackId, StoredObject> stored) {
        StoredObject object = stored.get(pack.id());
        if (object == null || object.bytes() != pack.bytes()) {
            return ChunkIndex.NONE;
        }
        return packNumbers.computeIfAbsent(pack.id(), id -> {
            packs.add(pack);
            return packs.size() - 1;
        });
    }

    ChunkIndex index() {
        return index;
    }

    /** The packs that places in the index name by number. */
    List<PackRef> packs() {
        return packs;
    }

    /** The runs that places in the index name by number. */
    List<RunKeys> runs() {
        return runs;
    }

    List<String> warnings() {
        return warnings;
    }

    /** What to say when a snapshot has a later time than the one that is made now. */
    Optional<String> outOfOrder(Instant finished) {
        return newest.filter(snapshot -> Repository.finished(snapshot).isAfter(finished))
                .map(snapshot ->
                        snapshot.key() + " bears a later time than this backup: a clock was or is wrong. Until then"
                                + " \"latest\" means that one; choose this one by its id");
    }
}
