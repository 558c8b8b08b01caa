package dev.holdfast.core.crypto;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.bouncycastle.util.Arrays;

/**
 * The public half of a key pair. Wraps with HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * AES-256-GCM; info is the key's context, no additional data. A wrapping is the encapsulated key (32 bytes), then the ciphertext
 * with its tag (48 bytes).
 */
public final class X25519Recipient implements Recipient {
    private static final String PREFIX = "holdfast-recipient-x25519";
    static final int ENCAPSULATED_BYTES = 32;

    private final X25519PublicKeyParameters key;
    private final String id;

    X25519Recipient(X25519PublicKeyParameters key) {
        this.key = key;
        this.id = KeyText.shortId(key.getEncoded());
    }

    static boolean isText(String text) {
        return KeyText.hasPrefix(PREFIX, text);
    }

    static X25519Recipient parse(String text) {
        return new X25519Recipient(new X25519PublicKeyParameters(KeyText.parse(PREFIX, text)));
    }

    /** HPKE with the suite above; a fresh object for each use because it keeps state. */
    static HPKE hpke() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    /** The public text, safe to show. */
    public String text() {
        return KeyText.print(PREFIX, key.getEncoded());
    }

    @Override
    public KeyType type() {
        return KeyType.X25519;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    @SuppressWarnings("NullAway") // Bouncy Castle's signature wants null where base mode has no psk and no sender key
    public WrappedKey wrap(Wrapping wrapping) {
        try {
            byte[][] sealed = hpke().seal(
                            key,
                            wrapping.context().bytes(),
                            new byte[0],
                            wrapping.key().raw(),
                            null,
                            null,
                            null);
            return WrappedKey.of(KeyType.X25519, id, Arrays.concatenate(sealed[1], sealed[0]));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("HPKE failed to seal", e);
        }
    }

    @Override
    public String toString() {
        return text();
    }
}
