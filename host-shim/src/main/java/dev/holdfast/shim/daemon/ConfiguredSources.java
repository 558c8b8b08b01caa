package dev.holdfast.shim.daemon;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import java.io.IOException;

/** Tells what a service of a configuration has to back up now. */
@FunctionalInterface
public interface ConfiguredSources {
    SourceLister.Listed of(Configuration configuration, Service service) throws IOException;
}
