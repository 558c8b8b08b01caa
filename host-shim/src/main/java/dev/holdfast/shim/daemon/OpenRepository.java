package dev.holdfast.shim.daemon;

import dev.holdfast.core.repository.Repository;
import java.io.IOException;

/** A repository with its storage, which is closed with it. */
public record OpenRepository(Repository repository) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        repository.storage().close();
    }
}
