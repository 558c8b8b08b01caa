package dev.holdfast.core.source.files;

import java.io.IOException;

/** A call of the C library failed. */
final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param code the C library's errno */
    PosixException(String what, int code) {
        super(what + ": " + Posix.describe(code));
        this.code = code;
    }

    int code() {
        return code;
    }
}
