package dev.holdfast.shim.restore;

import java.io.IOException;

/** A snapshot has nothing under the path that was asked for. */
public final class PathNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    public PathNotFoundException(String message) {
        super(message);
    }
}
