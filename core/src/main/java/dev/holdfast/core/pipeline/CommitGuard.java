package dev.holdfast.core.pipeline;

import java.io.IOException;

/** Asked right before a snapshot is committed; throws when the run has lost its right to commit, such as its lease. */
@FunctionalInterface
public interface CommitGuard {
    void verify() throws IOException;
}
