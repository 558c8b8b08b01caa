package dev.holdfast.core.config;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file that cannot be used, with everything that is wrong with it. */
public final class ConfigurationException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigurationProblem> problems;

    ConfigurationException(String file, List<ConfigurationProblem> problems) {
        super(problems.stream().map(problem -> problem.in(file)).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Errors and warnings, in the order of the file. */
    public List<ConfigurationProblem> problems() {
        return problems;
    }
}
