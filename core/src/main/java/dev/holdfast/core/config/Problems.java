package dev.holdfast.core.config;

import dev.holdfast.core.config.ConfigurationProblem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is wrong while a file is read. */
final class Problems {
    /** Nobody reads more, and a file of nothing but mistakes must not fill the memory. */
    static final int MOST = 500;

    private final Set<ConfigurationProblem> found = new LinkedHashSet<>();
    private boolean wrong;

    void error(Position at, String path, String message) {
        wrong = true;
        add(new ConfigurationProblem(Severity.ERROR, at.line(), at.column(), path, message));
    }

    void warning(Position at, String path, String message) {
        add(new ConfigurationProblem(Severity.WARNING, at.line(), at.column(), path, message));
    }

    private void add(ConfigurationProblem problem) {
        if (found.size() < MOST) {
            found.add(problem);
        }
    }

    boolean anyError() {
        return wrong;
    }

    /** In the order of the file. */
    List<ConfigurationProblem> all() {
        List<ConfigurationProblem> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(ConfigurationProblem::line).thenComparingInt(ConfigurationProblem::column));
        if (found.size() == MOST) {
            sorted.add(new ConfigurationProblem(
                    Severity.WARNING, 1, 1, "", "only the first " + MOST + " problems are told"));
        }
        return sorted;
    }
}
