package dev.holdfast.core.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** 32 secret bytes. Never printed; compared in constant time. */
final class SymmetricKey {
    static final int BYTES = 32;
    private static final String LABEL_PREFIX = "holdfast/1 ";

    private final byte[] bytes;

    private SymmetricKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static SymmetricKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key must be " + BYTES + " bytes");
        }
        return new SymmetricKey(bytes.clone());
    }

    static SymmetricKey random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new SymmetricKey(bytes);
    }

    /** The raw bytes, not copied: for the ciphers of this package only. */
    byte[] raw() {
        return bytes;
    }

    /** HKDF-SHA256 (RFC 5869) with no salt and the label {@code "holdfast/1 " + purpose}. */
    byte[] derive(String purpose, int length) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        byte[] info = (LABEL_PREFIX + purpose).getBytes(StandardCharsets.US_ASCII);
        hkdf.init(new HKDFParameters(bytes, null, info));
        byte[] out = new byte[length];
        hkdf.generateBytes(out, 0, length);
        return out;
    }

    SymmetricKey deriveKey(String purpose) {
        return new SymmetricKey(derive(purpose, BYTES));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SymmetricKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return SymmetricKey.class.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
