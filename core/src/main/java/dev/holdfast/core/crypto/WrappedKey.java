package dev.holdfast.core.crypto;

import java.util.Base64;
import java.util.HexFormat;

/**
 * A 32-byte key sealed to one recipient.
 *
 * @param type the recipient's {@link KeyType}
 * @param recipientId 16 hexadecimal digits that let an identity find its own
 * @param text the wrapping in base64: 60 bytes for {@code master-key}, 80 for {@code x25519}
 */
public record WrappedKey(KeyType type, String recipientId, String text) {
    public WrappedKey {
        if (recipientId.length() != 16) {
            throw new IllegalArgumentException("recipient id must be 16 hexadecimal digits");
        }
        HexFormat.of().parseHex(recipientId);
        int length = Base64.getDecoder().decode(text).length;
        if (length != type.wrappedBytes()) {
            throw new IllegalArgumentException(
                    "a key wrapped for " + type.label() + " must be " + type.wrappedBytes() + " bytes, not " + length);
        }
    }

    static WrappedKey of(KeyType type, String recipientId, byte[] bytes) {
        return new WrappedKey(type, recipientId, Base64.getEncoder().encodeToString(bytes));
    }

    byte[] bytes() {
        return Base64.getDecoder().decode(text);
    }
}
