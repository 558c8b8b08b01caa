package dev.holdfast.core.crypto;

/** The kinds of recipients, under the names the format uses. */
public enum KeyType {
    /** One secret of 32 bytes that both seals and opens. */
    MASTER_KEY("master-key", AesGcm.OVERHEAD_BYTES + SymmetricKey.BYTES),
    /** A key pair: who holds only the public half can seal and not open. */
    X25519("x25519", 32 + SymmetricKey.BYTES + AesGcm.TAG_BYTES);

    private final String label;
    private final int wrappedBytes;

    KeyType(String label, int wrappedBytes) {
        this.label = label;
        this.wrappedBytes = wrappedBytes;
    }

    public String label() {
        return label;
    }

    int wrappedBytes() {
        return wrappedBytes;
    }

    /** The type of that name. Throws {@link IllegalArgumentException} for a name this version does not know. */
    public static KeyType of(String label) {
        for (KeyType type : values()) {
            if (type.label.equals(label)) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown recipient type: " + label + " (a newer version may know it)");
    }
}
