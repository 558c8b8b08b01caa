package dev.holdfast.core.crypto;

/** Someone a backup is sealed to. */
public sealed interface Recipient permits MasterKey, X25519Recipient {
    KeyType type();

    /** 16 hexadecimal digits; reveals nothing of a secret. */
    String id();

    /** Package-internal in use: keys are handed in only by {@link RepositorySecret} and {@link RunKey}. */
    WrappedKey wrap(Wrapping wrapping);

    /** Reads {@code holdfast-recipient-x25519:…}. Throws {@link IllegalArgumentException} without repeating the text. */
    static X25519Recipient parse(String text) {
        return X25519Recipient.parse(text.strip());
    }
}
