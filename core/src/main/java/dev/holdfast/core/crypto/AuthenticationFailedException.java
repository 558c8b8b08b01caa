package dev.holdfast.core.crypto;

import java.io.IOException;

/** Sealed bytes, a signature or a MAC did not verify: the bytes were changed, or belong to another key. */
public final class AuthenticationFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    public AuthenticationFailedException(String message) {
        super(message);
    }

    public AuthenticationFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
