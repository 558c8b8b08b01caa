package dev.holdfast.shim.daemon;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.util.List;

/** Tells what a service of a configuration has to back up now. */
@FunctionalInterface
public interface ConfiguredSources {
    Listed of(Configuration configuration, Service service) throws IOException;

    /**
     * The answer.
     *
     * @param absent what cannot be backed up now and may have been before
     * @param warnings for people
     */
    record Listed(List<SourceName> sources, List<SourceName> absent, List<String> warnings) {
        public Listed {
            sources = List.copyOf(sources);
            absent = List.copyOf(absent);
            warnings = List.copyOf(warnings);
        }
    }
}
