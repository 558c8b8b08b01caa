package dev.holdfast.shim.cli;

import java.io.IOException;

/** A repository, source, snapshot or stream that was named is not there. */
final class NotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message);
    }
}
