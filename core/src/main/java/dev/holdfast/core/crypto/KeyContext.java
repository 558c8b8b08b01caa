package dev.holdfast.core.crypto;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a wrapped key is for. It is bound into the wrapping, so that a key wrapped for one place opens at no other:
 * {@code "holdfast/1 key"}, one byte of purpose, the repository id, and the run id (zeros for the repository secret).
 */
final class KeyContext {
    private static final byte[] LABEL = "holdfast/1 key".getBytes(StandardCharsets.US_ASCII);
    private static final byte REPOSITORY_SECRET = 1;
    private static final byte RUN_KEY = 2;

    private final byte[] bytes;

    private KeyContext(byte purpose, RepositoryId repository, byte[] run) {
        bytes = ByteBuffer.allocate(LABEL.length + 1 + RepositoryId.BYTES + RunId.BYTES)
                .put(LABEL)
                .put(purpose)
                .put(repository.bytes())
                .put(run)
                .array();
    }

    static KeyContext repositorySecret(RepositoryId repository) {
        return new KeyContext(REPOSITORY_SECRET, repository, new byte[RunId.BYTES]);
    }

    static KeyContext runKey(RepositoryId repository, RunId run) {
        return new KeyContext(RUN_KEY, repository, run.bytes());
    }

    byte[] bytes() {
        return bytes.clone();
    }
}
