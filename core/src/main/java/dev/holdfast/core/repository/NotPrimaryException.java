package dev.holdfast.core.repository;

import java.io.IOException;

/** A run was to write to a copy of a repository. */
public final class NotPrimaryException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotPrimaryException() {
        super("this storage holds a copy of the repository: back up to the one it is copied from. If that one is lost,"
                + " make this the repository that is written to: holdfast copy --promote --to STORAGE");
    }
}
