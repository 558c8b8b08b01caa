package dev.holdfast.core.crypto;

import java.io.IOException;

/** None of the identities at hand opens what is sealed. */
public final class WrongKeyException extends IOException {
    private static final long serialVersionUID = 1L;

    public WrongKeyException(String message) {
        super(message);
    }
}
