package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.PackBuilder;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.PackTable;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.ByteRange;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Copies live sealed chunks into new packs, and knows where each went. Packs must come run by run. */
final class PackMover {
    private final Repository repository;
    private final SourceName source;
    private final IndexCipher cipher;
    private final SecureRandom random;
    private final CommitGuard guard;
    private final PackBuilder builder = new PackBuilder();
    private Optional<RunId> run = Optional.empty();
    private final Map<PackId, Map<Integer, Place>> places = new HashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final List<PackRef> moved = new ArrayList<>();
    private final List<PackRef> written = new ArrayList<>();
    private final List<PackId> damaged = new ArrayList<>();

    PackMover(
            Repository repository,
            RepositorySecret secret,
            SourceName source,
            SecureRandom random,
            CommitGuard guard) {
        this.repository = repository;
        this.source = source;
        this.cipher = secret.indexCipher(repository.descriptor().repository());
        this.random = random;
        this.guard = guard;
    }

    /** Where a chunk lies. */
    record Place(PackRef pack, int offset) {}

    /** A chunk in the builder, whose pack has no name yet. */
    private record Pending(PackId from, int fromOffset, int toOffset) {}

    /** Copies what is live in a pack; one that is not what its name or its table says is left alone. */
    void move(LiveChunks.Pack pack) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(pack.ref().bytes())];
        repository.readPack(source, pack.ref().id(), new ByteRange(0, bytes.length), bytes);
        List<PackTable.Entry> entries = entries(pack, bytes);
        if (entries.isEmpty()) {
            damaged.add(pack.ref().id());
            return;
        }
        if (run.filter(current -> !current.equals(pack.run())).isPresent()) {
            write();
        }
        run = Optional.of(pack.run());
        for (PackTable.Entry entry : entries) {
            if (!builder.fits(entry.sealedLength())) {
                write();
            }
            byte[] sealed = Arrays.copyOfRange(bytes, entry.offset(), entry.offset() + entry.sealedLength());
            int offset =
                    builder.add(entry.chunkId(), sealed, sealed.length, entry.rawLength(), entry.codec());
            pending.add(new Pending(pack.ref().id(), entry.offset(), offset));
        }
        moved.add(pack.ref());
    }

    /** The live entries of the table, in order; none when the pack is damaged. */
    private List<PackTable.Entry> entries(LiveChunks.Pack pack, byte[] bytes) throws IOException {
        String name = repository.packKey(source, pack.ref().id()).text();
        if (!PackId.of(ChunkIdentifier.newSha256().digest(bytes)).equals(pack.ref().id())) {
            return List.of();
        }
        PackTable table = PackTable.open(name, bytes, cipher);
        List<PackTable.Entry> live = table.entries().stream()
                .filter(entry -> pack.needs(entry.offset()))
                .toList();
        if (!table.run().equals(pack.run()) || live.size() != pack.size()) {
            throw new FormatException(name + ": its table and the recipes that need it disagree");
        }
        return live;
    }

    private void write() throws IOException {
        if (builder.isEmpty()) {
            return;
        }
        PackBuilder.Finished pack = builder.finish(cipher, run.orElseThrow(), random);
        guard.verify();
        repository.putPack(source, pack);
        PackRef ref = new PackRef(pack.id(), pack.body().bytes());
        written.add(ref);
        for (Pending chunk : pending) {
            places.computeIfAbsent(chunk.from(), from -> new HashMap<>())
                    .put(chunk.fromOffset(), new Place(ref, chunk.toOffset()));
        }
        pending.clear();
        builder.reset();
    }

    /** Stores what is left. */
    void finish() throws IOException {
        write();
    }

    boolean hasMoved(PackId pack) {
        return places.containsKey(pack);
    }

    /** Where a chunk lies now, moved or not. */
    Place place(PackRef pack, int offset) {
        Map<Integer, Place> known = places.get(pack.id());
        if (known == null) {
            return new Place(pack, offset);
        }
        Place place = known.get(offset);
        if (place == null) {
            throw new IllegalStateException("a chunk of pack " + pack.id() + " was left behind");
        }
        return place;
    }

    /** The packs whose live chunks were copied. */
    List<PackRef> moved() {
        return moved;
    }

    List<PackRef> written() {
        return written;
    }

    List<PackId> damaged() {
        return damaged;
    }
}
