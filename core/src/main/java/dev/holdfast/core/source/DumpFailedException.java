package dev.holdfast.core.source;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A dump did not reach its end: wrong exit code, missing end mark, or lost command. Carries what the command said. */
public final class DumpFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    public DumpFailedException(String message) {
        super(message);
    }

    public DumpFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
