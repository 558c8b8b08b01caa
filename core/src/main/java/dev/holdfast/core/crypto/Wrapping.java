package dev.holdfast.core.crypto;

import java.security.SecureRandom;

/** A key on its way to a recipient, with what it is bound to. Opaque outside this package. */
public final class Wrapping {
    private final SymmetricKey key;
    private final KeyContext context;
    private final SecureRandom random;

    Wrapping(SymmetricKey key, KeyContext context, SecureRandom random) {
        this.key = key;
        this.context = context;
        this.random = random;
    }

    SymmetricKey key() {
        return key;
    }

    KeyContext context() {
        return context;
    }

    SecureRandom random() {
        return random;
    }

    @Override
    public String toString() {
        return "***";
    }
}
