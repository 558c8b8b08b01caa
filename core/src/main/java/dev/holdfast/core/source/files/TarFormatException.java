package dev.holdfast.core.source.files;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An archive is cut, damaged, of an unknown kind, or names a place outside of the folder it is restored to. */
public final class TarFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    TarFormatException(String message) {
        super(message);
    }

    TarFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
