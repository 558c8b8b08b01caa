package dev.holdfast.core.config;

import java.util.List;
import java.util.Locale;

/** Tells where a text stops being YAML, and says the commonest reasons in words. The library's own snippets are not shown: they may hold secrets. */
final class YamlMistake {
    private final List<String> lines;
    private final Problems problems;

    YamlMistake(String text, Problems problems) {
        this.lines = text.lines().toList();
        this.problems = problems;
    }

    void tell(String problem, Position at) {
        if (problem.contains("TAB") || indentedByTab(at.line())) {
            for (int line = 1; line <= lines.size(); line++) {
                if (indentedByTab(line)) {
                    problems.error(
                            new Position(line, lines.get(line - 1).indexOf('\t') + 1),
                            "",
                            "a tab cannot indent in YAML: use spaces");
                }
            }
        }
        if (!indentedByTab(at.line())) {
            problems.error(at, "", "this is not YAML: " + plain(problem));
        }
    }

    private boolean indentedByTab(int line) {
        if (line > lines.size()) {
            return false;
        }
        String text = lines.get(line - 1);
        int end = 0;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return text.substring(0, end).contains("\t") && end < text.length();
    }

    private static String plain(String problem) {
        String lower = problem.toLowerCase(Locale.ROOT);
        if (lower.contains("mapping values are not allowed")) {
            return "a colon and space make a key, which cannot stand here; text that holds them needs quotes";
        }
        if (lower.contains("could not find expected ':'")) {
            return "a key needs a colon and a space behind it";
        }
        if (lower.contains("undefined alias")) {
            return "there is no anchor of this name before it; text that begins with * needs quotes";
        }
        return problem.strip();
    }
}
