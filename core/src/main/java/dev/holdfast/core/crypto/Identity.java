package dev.holdfast.core.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Someone who can open a backup. */
public sealed interface Identity permits MasterKey, X25519Identity {
    KeyType type();

    /** The same id as its recipient's. */
    String id();

    /** The text of a key file. Secret: for the file alone. */
    String secretText();

    /** What may be shown of it. */
    Recipient recipient();

    /** Opens a key that was wrapped for this identity. Package-internal in use. */
    Unwrapped unwrap(WrappedKey key, Context context) throws AuthenticationFailedException;

    /** Where a key is unwrapped; made only inside this package. */
    final class Context {
        private final KeyContext context;

        Context(KeyContext context) {
            this.context = context;
        }

        KeyContext inner() {
            return context;
        }
    }

    /** An opened key; opaque outside this package. */
    final class Unwrapped {
        private final SymmetricKey key;

        Unwrapped(SymmetricKey key) {
            this.key = key;
        }

        SymmetricKey key() {
            return key;
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /**
     * Reads a key file: one key for each line, blank lines and lines that begin with {@code #} passed over. Throws {@link
     * IllegalArgumentException} that names the line's number and never its text.
     */
    static List<Identity> parseFile(String text) {
        List<Identity> identities = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String key = line.strip();
            if (key.isEmpty() || key.startsWith("#")) {
                continue;
            }
            try {
                identities.add(parse(key));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("key file, line " + number + ": " + e.getMessage(), e);
            }
        }
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("key file holds no key");
        }
        return identities;
    }

    /** Reads one key text, of either type. */
    static Identity parse(String text) {
        if (MasterKey.isText(text)) {
            return MasterKey.parse(text);
        }
        if (X25519Identity.isText(text)) {
            return X25519Identity.parse(text);
        }
        if (X25519Recipient.isText(text)) {
            throw new IllegalArgumentException("this is a recipient (public), not an identity (secret)");
        }
        throw new IllegalArgumentException("not a Holdfast key");
    }

    /** Opens the first wrapped key that belongs to one of the identities; empty when none does. */
    static Optional<Unwrapped> openAny(List<Identity> identities, List<WrappedKey> keys, Context context)
            throws AuthenticationFailedException {
        for (Identity identity : identities) {
            for (WrappedKey key : keys) {
                if (key.type() == identity.type() && key.recipientId().equals(identity.id())) {
                    return Optional.of(identity.unwrap(key, context));
                }
            }
        }
        return Optional.empty();
    }
}
