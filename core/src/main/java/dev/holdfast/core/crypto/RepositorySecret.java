package dev.holdfast.core.crypto;

import dev.holdfast.core.model.RepositoryId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.util.Arrays;

/**
 * The secret of a repository, held by the hosts that write to it. It names chunks, opens recipes and pack tables and
 * authenticates the descriptor; alone it opens no chunk.
 */
public final class RepositorySecret {
    private final SymmetricKey key;

    private RepositorySecret(SymmetricKey key) {
        this.key = key;
    }

    public static RepositorySecret generate(SecureRandom random) {
        return new RepositorySecret(SymmetricKey.random(random));
    }

    public static RepositorySecret of(byte[] bytes) {
        return new RepositorySecret(SymmetricKey.of(bytes));
    }

    /** The raw bytes, for a host's own secret file. */
    public byte[] export() {
        return key.raw().clone();
    }

    public WrappedKey wrapFor(Recipient recipient, RepositoryId repository, SecureRandom random) {
        return recipient.wrap(new Wrapping(key, KeyContext.repositorySecret(repository), random));
    }

    /** Opens the secret with any of the identities; empty when it is wrapped to none of them. */
    public static Optional<RepositorySecret> open(
            List<Identity> identities, List<WrappedKey> keys, RepositoryId repository)
            throws AuthenticationFailedException {
        Identity.Context context = new Identity.Context(KeyContext.repositorySecret(repository));
        return Identity.openAny(identities, keys, context).map(opened -> new RepositorySecret(opened.key()));
    }

    public ChunkIdentifier chunkIdentifier() {
        return new ChunkIdentifier(key.deriveKey("chunk id"));
    }

    /** Seals and opens recipes and pack tables. */
    public IndexCipher indexCipher(RepositoryId repository) {
        return new IndexCipher(key.deriveKey("index"), repository);
    }

    /** 256 pseudo-random values for a content-defined chunker: 2048 bytes of HKDF read as big-endian longs. */
    public long[] gearTable() {
        long[] gear = new long[256];
        ByteBuffer.wrap(key.derive("chunker", 256 * Long.BYTES))
                .order(ByteOrder.BIG_ENDIAN)
                .asLongBuffer()
                .get(gear);
        return gear;
    }

    /** HMAC-SHA-256 of a descriptor. */
    public byte[] mac(byte[] descriptor) {
        return mac("descriptor", descriptor);
    }

    public void verifyMac(byte[] descriptor, byte[] mac) throws AuthenticationFailedException {
        if (!Arrays.constantTimeAreEqual(mac(descriptor), mac)) {
            throw new AuthenticationFailedException("descriptor is not authentic: its MAC does not verify");
        }
    }

    /** HMAC-SHA-256 of a hold. */
    public byte[] holdMac(byte[] hold) {
        return mac("holds", hold);
    }

    public void verifyHoldMac(byte[] hold, byte[] mac) throws AuthenticationFailedException {
        if (!Arrays.constantTimeAreEqual(holdMac(hold), mac)) {
            throw new AuthenticationFailedException("hold is not authentic: its MAC does not verify");
        }
    }

    private byte[] mac(String label, byte[] text) {
        HMac mac = new HMac(new SHA256Digest());
        mac.init(new KeyParameter(key.derive(label, SymmetricKey.BYTES)));
        mac.update(text, 0, text.length);
        byte[] out = new byte[mac.getMacSize()];
        mac.doFinal(out, 0);
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RepositorySecret secret && key.equals(secret.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
