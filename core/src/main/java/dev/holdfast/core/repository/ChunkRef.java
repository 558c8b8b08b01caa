package dev.holdfast.core.repository;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.Codec;
import dev.holdfast.core.crypto.ChunkCipher;
import dev.holdfast.core.crypto.ChunkIdentifier;
import java.nio.ByteBuffer;

/**
 * Where one chunk of a stream lies: 53 bytes in a recipe, all numbers big-endian.
 *
 * @param chunkId 32 bytes
 * @param run position in the header's runs
 * @param pack position in the header's packs
 * @param offset of the sealed chunk in the pack, bytes
 * @param sealedLength bytes
 * @param rawLength bytes, 1 to 4 MiB
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; ids are compared with Arrays.equals
public record ChunkRef(byte[] chunkId, int run, int pack, int offset, int sealedLength, int rawLength, Codec codec) {
    static final int BYTES = ChunkIdentifier.BYTES + 5 * Integer.BYTES + 1;

    public ChunkRef {
        if (chunkId.length != ChunkIdentifier.BYTES) {
            throw new IllegalArgumentException("a chunk id must be " + ChunkIdentifier.BYTES + " bytes");
        }
        if (rawLength < 1 || rawLength > Chunking.MAX_BYTES) {
            throw new IllegalArgumentException("a chunk must be 1 byte to 4 MiB, not " + rawLength);
        }
        // an encoder keeps a chunk as it is when it does not shrink, so nothing sealed is longer than this
        if (sealedLength <= ChunkCipher.OVERHEAD_BYTES || sealedLength > rawLength + ChunkCipher.OVERHEAD_BYTES) {
            throw new IllegalArgumentException("a sealed chunk has an impossible length: " + sealedLength);
        }
        if (run < 0 || pack < 0 || offset < 0) {
            throw new IllegalArgumentException("a chunk's place is out of range");
        }
    }

    void write(ByteBuffer out) {
        out.put(chunkId)
                .putInt(run)
                .putInt(pack)
                .putInt(offset)
                .putInt(sealedLength)
                .putInt(rawLength)
                .put(codec.number());
    }

    static ChunkRef read(ByteBuffer in) {
        byte[] id = new byte[ChunkIdentifier.BYTES];
        in.get(id);
        return new ChunkRef(id, in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), Codec.of(in.get()));
    }
}
