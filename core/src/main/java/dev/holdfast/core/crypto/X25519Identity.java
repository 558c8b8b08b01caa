package dev.holdfast.core.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/** The secret half of a key pair: opens what its {@link X25519Recipient} sealed. */
public final class X25519Identity implements Identity {
    private static final String PREFIX = "HOLDFAST-IDENTITY-X25519";

    private final X25519PrivateKeyParameters key;
    private final X25519Recipient recipient;

    private X25519Identity(X25519PrivateKeyParameters key) {
        this.key = key;
        this.recipient = new X25519Recipient(key.generatePublicKey());
    }

    public static X25519Identity generate(SecureRandom random) {
        return new X25519Identity(new X25519PrivateKeyParameters(random));
    }

    static boolean isText(String text) {
        return KeyText.hasPrefix(PREFIX, text);
    }

    static X25519Identity parse(String text) {
        return new X25519Identity(new X25519PrivateKeyParameters(KeyText.parse(PREFIX, text)));
    }

    @Override
    public KeyType type() {
        return KeyType.X25519;
    }

    @Override
    public String id() {
        return recipient.id();
    }

    @Override
    public String secretText() {
        return KeyText.print(PREFIX, key.getEncoded());
    }

    @Override
    public X25519Recipient recipient() {
        return recipient;
    }

    @Override
    @SuppressWarnings("NullAway") // Bouncy Castle's signature wants null where base mode has no psk and no sender key
    public Unwrapped unwrap(WrappedKey wrapped, Context context) throws AuthenticationFailedException {
        byte[] bytes = wrapped.bytes();
        byte[] encapsulated = Arrays.copyOf(bytes, X25519Recipient.ENCAPSULATED_BYTES);
        byte[] sealed = Arrays.copyOfRange(bytes, X25519Recipient.ENCAPSULATED_BYTES, bytes.length);
        AsymmetricCipherKeyPair pair = new AsymmetricCipherKeyPair(key.generatePublicKey(), key);
        try {
            byte[] open = X25519Recipient.hpke()
                    .open(encapsulated, pair, context.inner().bytes(), new byte[0], sealed, null, null, null);
            return new Unwrapped(SymmetricKey.of(open));
        } catch (InvalidCipherTextException | IllegalStateException e) {
            throw new AuthenticationFailedException("wrapped key is not authentic: changed, or of another place", e);
        }
    }

    @Override
    public String toString() {
        return "x25519 " + id();
    }
}
