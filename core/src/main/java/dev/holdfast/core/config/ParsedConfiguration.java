package dev.holdfast.core.config;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a file.
 *
 * @param configuration empty when there is any error
 * @param problems errors and warnings, in the order of the file
 */
public record ParsedConfiguration(Optional<Configuration> configuration, List<ConfigurationProblem> problems) {
    public ParsedConfiguration {
        problems = List.copyOf(problems);
    }
}
