package dev.holdfast.shim.restore;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A restore did not reach its end. The message says what was left as it was, and holds no secret. */
public final class RestoreFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RestoreFailedException(String message) {
        super(message);
    }

    public RestoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
