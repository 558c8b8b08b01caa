package dev.holdfast.core.crypto;

import java.security.SecureRandom;
import java.util.HexFormat;

/** 32 random bytes that are recipient and identity at once: who can write with it can read. */
public final class MasterKey implements Recipient, Identity {
    private static final String PREFIX = "HOLDFAST-MASTER-KEY";

    private final SymmetricKey key;
    private final String id;

    private MasterKey(SymmetricKey key) {
        this.key = key;
        this.id = HexFormat.of().formatHex(key.derive("master-key id", 8));
    }

    public static MasterKey generate(SecureRandom random) {
        return new MasterKey(SymmetricKey.random(random));
    }

    static boolean isText(String text) {
        return KeyText.hasPrefix(PREFIX, text);
    }

    static MasterKey parse(String text) {
        return new MasterKey(SymmetricKey.of(KeyText.parse(PREFIX, text)));
    }

    @Override
    public KeyType type() {
        return KeyType.MASTER_KEY;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String secretText() {
        return KeyText.print(PREFIX, key.raw());
    }

    @Override
    public Recipient recipient() {
        return this;
    }

    @Override
    public WrappedKey wrap(Wrapping wrapping) {
        byte[] sealed = new AesGcm(wrapKey())
                .seal(wrapping.key().raw(), wrapping.context().bytes(), wrapping.random());
        return WrappedKey.of(KeyType.MASTER_KEY, id, sealed);
    }

    @Override
    public Unwrapped unwrap(WrappedKey wrapped, Context context) throws AuthenticationFailedException {
        byte[] bytes =
                new AesGcm(wrapKey()).open(wrapped.bytes(), context.inner().bytes());
        return new Unwrapped(SymmetricKey.of(bytes));
    }

    private SymmetricKey wrapKey() {
        return key.deriveKey("master-key wrap");
    }

    /** Seals a small secret of this host's configuration, bound to a label; base64 of nonce, ciphertext, tag. */
    public String sealText(String label, String text, SecureRandom random) {
        byte[] sealed = new AesGcm(key.deriveKey("configuration"))
                .seal(
                        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        label.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        random);
        return java.util.Base64.getEncoder().encodeToString(sealed);
    }

    /** Opens what {@link #sealText} made for the same label. */
    public String openText(String label, String sealed) throws AuthenticationFailedException {
        byte[] bytes;
        try {
            bytes = java.util.Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            throw new AuthenticationFailedException("sealed text is not base64", e);
        }
        byte[] open = new AesGcm(key.deriveKey("configuration"))
                .open(bytes, label.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new String(open, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "master-key " + id;
    }
}
