package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.model.HostId;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.RecipeWriter;
import dev.holdfast.core.repository.SnapshotHeader;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot written anew: the same streams, evidence, times and run keys, with chunks where they lie now.
 *
 * @param recipe its sealed segments
 */
record SnapshotRewrite(SnapshotHeader header, List<byte[]> recipe) {
    static SnapshotRewrite of(
            SnapshotHeader old, Recipe recipe, PackMover mover, IndexCipher cipher, HostId host, SecureRandom random) {
        byte[] id = new byte[SnapshotId.BYTES];
        random.nextBytes(id);
        SnapshotId snapshot = SnapshotId.of(id);
        RecipeWriter writer = new RecipeWriter(cipher, snapshot, random);
        List<PackRef> packs = new ArrayList<>();
        Map<PackId, Integer> numbers = new HashMap<>();
        for (int i = 0; i < recipe.chunkCount(); i++) {
            ChunkRef chunk = recipe.chunk(i);
            PackMover.Place place = mover.place(old.packs().get(chunk.pack()), chunk.offset());
            int number = numbers.computeIfAbsent(place.pack().id(), pack -> {
                packs.add(place.pack());
                return packs.size() - 1;
            });
            writer.add(new ChunkRef(
                    chunk.chunkId(),
                    chunk.run(),
                    number,
                    place.offset(),
                    chunk.sealedLength(),
                    chunk.rawLength(),
                    chunk.codec()));
        }
        SnapshotHeader header = new SnapshotHeader(
                old.repository(),
                snapshot,
                old.source(),
                old.engine(),
                host,
                old.started(),
                old.finished(),
                old.consistency(),
                old.plaintextBytes(),
                old.storedBytes(),
                old.packsSeen(),
                packs,
                old.runs());
        return new SnapshotRewrite(header, writer.finish(recipe.streams(), recipe.evidence()));
    }
}
