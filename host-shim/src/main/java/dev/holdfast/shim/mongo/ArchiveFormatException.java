package dev.holdfast.shim.mongo;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes that are no whole archive of mongodump. */
final class ArchiveFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    ArchiveFormatException(String message) {
        super(message);
    }

    ArchiveFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
