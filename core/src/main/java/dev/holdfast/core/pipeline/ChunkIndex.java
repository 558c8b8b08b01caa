package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.Codec;
import dev.holdfast.core.crypto.ChunkIdentifier;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Chunks that are stored already, by id, in primitive arrays: about 64 bytes a chunk. Safe for use by several threads.
 *
 * <p>A hash table with linear probing. Chunk ids are MACs, so their first bytes are as good as any hash.
 */
final class ChunkIndex {
    static final int NONE = -1;
    private static final int WORDS = ChunkIdentifier.BYTES / Long.BYTES;

    private int[] slots = filled(1024);
    private long[] ids = new long[512 * WORDS];
    private int[] places = new int[512 * 5];
    private byte[] codecs = new byte[512];
    private int size;

    /** The entry of a chunk, or {@link #NONE}. */
    synchronized int find(byte[] chunkId) {
        return slots[slot(chunkId)];
    }

    /** Adds a chunk that is not there yet; returns its entry. */
    synchronized int add(byte[] chunkId, Place place) {
        if (size == codecs.length) {
            grow();
        }
        int entry = size++;
        ByteBuffer.wrap(chunkId).asLongBuffer().get(ids, entry * WORDS, WORDS);
        int at = entry * 5;
        places[at] = place.run();
        places[at + 1] = place.pack();
        places[at + 2] = place.offset();
        places[at + 3] = place.sealedLength();
        places[at + 4] = place.rawLength();
        codecs[entry] = place.codec().number();
        slots[slot(chunkId)] = entry;
        return entry;
    }

    synchronized Place place(int entry) {
        int at = entry * 5;
        return new Place(
                places[at], places[at + 1], places[at + 2], places[at + 3], places[at + 4], Codec.of(codecs[entry]));
    }

    /** The id of an entry's chunk. */
    synchronized byte[] id(int entry) {
        byte[] id = new byte[ChunkIdentifier.BYTES];
        ByteBuffer.wrap(id).asLongBuffer().put(ids, entry * WORDS, WORDS);
        return id;
    }

    synchronized int size() {
        return size;
    }

    /** The slot that holds the chunk, or the free one where it belongs. */
    private int slot(byte[] chunkId) {
        ByteBuffer id = ByteBuffer.wrap(chunkId);
        int slot = (int) id.getLong(0) & (slots.length - 1);
        while (slots[slot] != NONE && !matches(slots[slot], id)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private boolean matches(int entry, ByteBuffer id) {
        for (int i = 0; i < WORDS; i++) {
            if (ids[entry * WORDS + i] != id.getLong(i * Long.BYTES)) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        ids = Arrays.copyOf(ids, ids.length * 2);
        places = Arrays.copyOf(places, places.length * 2);
        codecs = Arrays.copyOf(codecs, codecs.length * 2);
        slots = filled(slots.length * 2);
        for (int entry = 0; entry < size; entry++) {
            int slot = (int) ids[entry * WORDS] & (slots.length - 1);
            while (slots[slot] != NONE) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = entry;
        }
    }

    private static int[] filled(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, NONE);
        return slots;
    }

    /** Where a chunk lies; run and pack are numbers of the run's own lists. */
    record Place(int run, int pack, int offset, int sealedLength, int rawLength, Codec codec) {}
}
