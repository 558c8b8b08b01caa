package dev.holdfast.shim.daemon;

import dev.holdfast.core.model.RepositoryId;
import java.io.IOException;

/** Tells the id of a repository by its name in the configuration. */
@FunctionalInterface
interface RepositoryIds {
    RepositoryId of(String repository) throws IOException;
}
