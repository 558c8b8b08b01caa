package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.PackBuilder;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.SnapshotHeader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which chunks of which packs the snapshots of a source need. Takes 8 bytes for each such chunk. */
final class LiveChunks {
    private final Map<PackId, Pack> packs = new LinkedHashMap<>();

    void add(SnapshotHeader header, Recipe recipe) {
        for (int i = 0; i < recipe.chunkCount(); i++) {
            ChunkRef chunk = recipe.chunk(i);
            PackRef pack = header.packs().get(chunk.pack());
            packs.computeIfAbsent(
                            pack.id(),
                            id -> new Pack(pack, header.runs().get(chunk.run()).run()))
                    .add(chunk.offset(), chunk.sealedLength());
        }
    }

    /** In the order of their first use. */
    Iterable<Pack> packs() {
        return packs.values();
    }

    /** One pack: all its chunks are of one run, as its footer says. */
    static final class Pack {
        private final PackRef ref;
        private final RunId run;
        private int[] offsets = new int[8];
        private int count;
        private long bytes;

        private Pack(PackRef ref, RunId run) {
            this.ref = ref;
            this.run = run;
        }

        private void add(int offset, int sealedLength) {
            int at = Arrays.binarySearch(offsets, 0, count, offset);
            if (at >= 0) {
                return;
            }
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            int place = -at - 1;
            System.arraycopy(offsets, place, offsets, place + 1, count - place);
            offsets[place] = offset;
            count++;
            bytes += sealedLength;
        }

        PackRef ref() {
            return ref;
        }

        RunId run() {
            return run;
        }

        /** How many chunks of it are live. */
        int size() {
            return count;
        }

        boolean needs(int offset) {
            return Arrays.binarySearch(offsets, 0, count, offset) >= 0;
        }

        /** Whether a pack with nothing but its live chunks would have less than half the size. */
        boolean isMostlyDead() {
            return PackBuilder.bytesOf(count, bytes) * 2 < ref.bytes();
        }
    }
}
