package dev.holdfast.core.repository;

import dev.holdfast.core.chunk.Codec;
import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.storage.Body;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * Fills one pack in a buffer that is used again: sealed chunks back to back, then their table sealed, then a footer of 28 bytes: run
 * id (16), sealed length of the table (4), magic {@code HFPACK01} (8). Not safe for use by several threads.
 */
public final class PackBuilder {
    /** Size a pack is filled up to: 32 MiB. */
    public static final int TARGET_BYTES = 32 << 20;

    static final byte[] MAGIC = "HFPACK01".getBytes(StandardCharsets.US_ASCII);
    static final int FOOTER_BYTES = RunId.BYTES + Integer.BYTES + 8;
    static final int ENTRY_BYTES = ChunkIdentifier.BYTES + 3 * Integer.BYTES + 1;
    private static final int MAX_CHUNKS = 8192;

    private final int chunkRoom;
    private final ByteBuffer table = ByteBuffer.allocate(MAX_CHUNKS * ENTRY_BYTES);
    private byte[] buffer = new byte[0];
    private int fill;

    public PackBuilder() {
        this(TARGET_BYTES);
    }

    PackBuilder(int targetBytes) {
        chunkRoom = targetBytes;
    }

    /** Size of a pack with so many chunks and so many bytes of sealed chunks. */
    public static long bytesOf(int chunks, long sealedBytes) {
        return sealedBytes + (long) chunks * ENTRY_BYTES + IndexCipher.OVERHEAD_BYTES + FOOTER_BYTES;
    }

    public boolean isEmpty() {
        return fill == 0;
    }

    /** Whether a sealed chunk of that length still fits. */
    public boolean fits(int sealedLength) {
        return fill + sealedLength <= chunkRoom && table.remaining() >= ENTRY_BYTES;
    }

    /** Appends a sealed chunk; returns its offset. */
    public int add(byte[] chunkId, byte[] sealed, int sealedLength, int rawLength, Codec codec) {
        if (!fits(sealedLength)) {
            throw new IllegalStateException("the pack is full");
        }
        makeBuffer();
        int offset = fill;
        System.arraycopy(sealed, 0, buffer, fill, sealedLength);
        fill += sealedLength;
        table.put(chunkId).putInt(offset).putInt(sealedLength).putInt(rawLength).put(codec.number());
        return offset;
    }

    /** Made with the first chunk: a backup that finds nothing new needs none, and zeroing these takes longer than its start. */
    private void makeBuffer() {
        if (buffer.length == 0) {
            buffer = new byte[chunkRoom + MAX_CHUNKS * ENTRY_BYTES + IndexCipher.OVERHEAD_BYTES + FOOTER_BYTES];
        }
    }

    /** Closes the pack. The result shares this builder's buffer until {@link #reset()}. */
    public Finished finish(IndexCipher cipher, RunId run, SecureRandom random) {
        makeBuffer();
        byte[] entries = java.util.Arrays.copyOf(table.array(), table.position());
        byte[] sealed = cipher.sealTable(entries, run, random);
        System.arraycopy(sealed, 0, buffer, fill, sealed.length);
        int length = fill + sealed.length;
        ByteBuffer.wrap(buffer, length, FOOTER_BYTES)
                .put(run.bytes())
                .putInt(sealed.length)
                .put(MAGIC);
        length += FOOTER_BYTES;
        MessageDigest sha256 = ChunkIdentifier.newSha256();
        sha256.update(buffer, 0, length);
        return new Finished(PackId.of(sha256.digest()), Body.of(buffer, 0, length));
    }

    public void reset() {
        fill = 0;
        table.clear();
    }

    /** A whole pack, ready to be stored. */
    public record Finished(PackId id, Body body) {}
}
