package dev.holdfast.core.crypto;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Seals what hosts of the repository may read: recipe segments and pack tables. Not safe for use by several threads. */
public final class IndexCipher {
    /** What sealing adds: nonce and tag. */
    public static final int OVERHEAD_BYTES = AesGcm.OVERHEAD_BYTES;

    private static final byte[] RECIPE = "holdfast/1 recipe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TABLE = "holdfast/1 pack table".getBytes(StandardCharsets.US_ASCII);

    private final AesGcm cipher;
    private final byte[] repository;

    IndexCipher(SymmetricKey key, RepositoryId repository) {
        this.cipher = new AesGcm(key);
        this.repository = repository.bytes();
    }

    public byte[] sealSegment(byte[] text, Segment segment, SecureRandom random) {
        return cipher.seal(text, additional(segment), random);
    }

    public byte[] openSegment(byte[] sealed, Segment segment) throws AuthenticationFailedException {
        return cipher.open(sealed, additional(segment));
    }

    public byte[] sealTable(byte[] text, RunId run, SecureRandom random) {
        return cipher.seal(text, additional(run), random);
    }

    public byte[] openTable(byte[] sealed, RunId run) throws AuthenticationFailedException {
        return cipher.open(sealed, additional(run));
    }

    /** Recipe: label, repository id, snapshot id, position (4 bytes, big-endian, from 0), 1 if it is the last, else 0. */
    private byte[] additional(Segment segment) {
        return ByteBuffer.allocate(RECIPE.length + RepositoryId.BYTES + SnapshotId.BYTES + Integer.BYTES + 1)
                .put(RECIPE)
                .put(repository)
                .put(segment.snapshot().bytes())
                .putInt(segment.position())
                .put((byte) (segment.end() == End.LAST ? 1 : 0))
                .array();
    }

    /** Pack table: label, repository id, run id. */
    private byte[] additional(RunId run) {
        return ByteBuffer.allocate(TABLE.length + RepositoryId.BYTES + RunId.BYTES)
                .put(TABLE)
                .put(repository)
                .put(run.bytes())
                .array();
    }

    /** Whether more segments follow. */
    public enum End {
        MORE,
        LAST
    }

    /** The place of a recipe segment. */
    public record Segment(SnapshotId snapshot, int position, End end) {}
}
