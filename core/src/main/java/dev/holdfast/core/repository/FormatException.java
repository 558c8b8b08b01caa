package dev.holdfast.core.repository;

import java.io.IOException;

/** An object of the repository is not what the format says: names the object and what differs. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
