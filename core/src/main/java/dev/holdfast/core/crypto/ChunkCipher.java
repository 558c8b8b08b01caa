package dev.holdfast.core.crypto;

import dev.holdfast.core.model.RunId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Seals and opens the chunks of one run: AES-256-GCM under a key derived from the run key, a fresh random nonce for each
 * chunk. Additional data: {@code "holdfast/1 chunk"}, run id, chunk id, codec (1 byte), raw length (4 bytes, big-endian). Not safe
 * for use by several threads.
 */
public final class ChunkCipher {
    /** What sealing adds: nonce and tag. */
    public static final int OVERHEAD_BYTES = AesGcm.OVERHEAD_BYTES;

    private static final byte[] LABEL = "holdfast/1 chunk".getBytes(StandardCharsets.US_ASCII);

    private final AesGcm cipher;
    private final byte[] run;
    private byte[] check = new byte[0];

    ChunkCipher(SymmetricKey key, RunId run) {
        this.cipher = new AesGcm(key);
        this.run = run.bytes();
    }

    /** Seals {@code length} encoded bytes into {@code out} from its start and opens them again to compare. Returns the sealed length. */
    public int seal(byte[] encoded, int offset, int length, ChunkContext context, byte[] out, SecureRandom random) {
        byte[] additional = additional(context);
        int sealed = cipher.seal(encoded, offset, length, additional, out, 0, random);
        verify(encoded, offset, length, additional, out, sealed);
        return sealed;
    }

    /** JDK-8371864 is one AES-GCM stub that sealed wrongly for some lengths: what cannot be opened must not leave. */
    private void verify(byte[] encoded, int offset, int length, byte[] additional, byte[] sealed, int sealedLength) {
        if (check.length < length) {
            check = new byte[length];
        }
        try {
            int opened = cipher.open(sealed, 0, sealedLength, additional, check, 0);
            if (opened != length || !Arrays.equals(check, 0, length, encoded, offset, offset + length)) {
                throw new IllegalStateException(
                        "a sealed chunk opened to other bytes: this machine's AES-GCM is broken");
            }
        } catch (AuthenticationFailedException e) {
            throw new IllegalStateException("a sealed chunk did not open: this machine's AES-GCM is broken", e);
        }
    }

    /** Opens a sealed chunk into {@code out} from its start; returns the encoded length. */
    public int open(byte[] sealed, int offset, int length, ChunkContext context, byte[] out)
            throws AuthenticationFailedException {
        return cipher.open(sealed, offset, length, additional(context), out, 0);
    }

    private byte[] additional(ChunkContext context) {
        return ByteBuffer.allocate(LABEL.length + RunId.BYTES + ChunkIdentifier.BYTES + 1 + Integer.BYTES)
                .put(LABEL)
                .put(run)
                .put(context.chunkId())
                .put(context.codec())
                .putInt(context.rawLength())
                .array();
    }

    /** What a sealed chunk is bound to. */
    @SuppressWarnings("ArrayRecordComponent") // passed through, never compared
    public record ChunkContext(byte[] chunkId, byte codec, int rawLength) {}
}
