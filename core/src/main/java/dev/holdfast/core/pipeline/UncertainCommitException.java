package dev.holdfast.core.pipeline;

import java.io.IOException;

/** The storage failed in the middle of a commit, and it cannot be told whether the snapshot is there. Its packs are left alone. */
public final class UncertainCommitException extends IOException {
    private static final long serialVersionUID = 1L;

    UncertainCommitException(String message, Throwable cause) {
        super(message, cause);
    }
}
