package dev.holdfast.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Names chunks: {@code HMAC-SHA-256(chunk-id key, SHA-256(plaintext))}. The bulk of the work is one plain SHA-256, whose value also
 * enters the stream's digest, so that no byte is hashed twice. Not safe for use by several threads.
 */
public final class ChunkIdentifier {
    /** Length of a chunk id and of a digest. */
    public static final int BYTES = 32;

    private final SymmetricKey key;
    private final HMac mac = new HMac(new SHA256Digest());
    private final MessageDigest sha256 = newSha256();

    ChunkIdentifier(SymmetricKey key) {
        this.key = key;
        mac.init(new KeyParameter(key.raw()));
    }

    /** Another one for another thread. */
    public ChunkIdentifier copy() {
        return new ChunkIdentifier(key);
    }

    /** SHA-256 of a chunk's plaintext, through the JDK because its intrinsic is the fastest. */
    public byte[] digest(byte[] bytes, int offset, int length) {
        sha256.update(bytes, offset, length);
        return sha256.digest();
    }

    /** The chunk id that belongs to a digest. */
    public byte[] id(byte[] digest) {
        mac.update(digest, 0, digest.length);
        byte[] out = new byte[BYTES];
        mac.doFinal(out, 0);
        return out;
    }

    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
