package dev.holdfast.shim.login;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A login that gave nothing to save. The message says why and what to do, and holds neither code nor token. */
public final class LoginFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    LoginFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    LoginFailedException(String message) {
        this(message, null);
    }
}
