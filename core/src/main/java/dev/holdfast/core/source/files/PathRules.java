package dev.holdfast.core.source.files;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What of a folder is wanted. Patterns are those of {@code gitignore}, against the path below the folder:
 *
 * <ul>
 *   <li>{@code name} without a slash matches a file or folder of that name at any depth; with a slash at its start or within, the
 *       pattern begins at the folder itself;
 *   <li>a slash at the end matches folders only;
 *   <li>{@code *} is any run of bytes but {@code /}, {@code ?} one UTF-8 character (or one byte that is not UTF-8) but {@code /},
 *       {@code [a-z]} and {@code [!a-z]} one ASCII character of a set, {@code \} takes the next character as it is;
 *   <li>{@code **} as a whole part is any number of parts, also none ({@code a/**}: everything within a, not a itself).
 * </ul>
 *
 * <p>Of the exclusions the last that matches decides; one that begins with {@code !} takes a path back in, but nothing inside an
 * excluded folder, which is not entered. When there are inclusions, only what matches one of them, or lies in a folder that does,
 * is kept, with the folders above it; exclusions apply all the same. Upper and lower case differ.
 */
public final class PathRules {
    /** Keeps everything. */
    public static final PathRules ALL = new PathRules(List.of(), List.of());

    private record Rule(Pattern pattern, boolean onlyFolders, boolean takesBack) {
        boolean matches(String path, boolean folder) {
            return (folder || !onlyFolders) && pattern.matcher(path).matches();
        }
    }

    private final List<Rule> inclusions;
    private final List<Rule> exclusions;

    private PathRules(List<Rule> inclusions, List<Rule> exclusions) {
        this.inclusions = inclusions;
        this.exclusions = exclusions;
    }

    /**
     * Rules from patterns.
     *
     * @throws IllegalArgumentException for a pattern that is not well formed
     */
    public static PathRules of(List<String> inclusions, List<String> exclusions) {
        List<Rule> included = new ArrayList<>();
        for (String pattern : inclusions) {
            if (pattern.startsWith("!")) {
                throw new IllegalArgumentException(
                        "inclusion '" + pattern + "' cannot begin with !; write an exclusion");
            }
            included.add(rule(pattern));
        }
        return new PathRules(
                List.copyOf(included), exclusions.stream().map(PathRules::rule).toList());
    }

    /** Whether the path itself is excluded. The caller asks top down and does not enter an excluded folder. */
    boolean excludes(String path, boolean folder) {
        for (int i = exclusions.size() - 1; i >= 0; i--) {
            Rule rule = exclusions.get(i);
            if (rule.matches(path, folder)) {
                return !rule.takesBack();
            }
        }
        return false;
    }

    /** Whether the path is kept by itself; what lies in an included folder is kept too. */
    boolean includes(String path, boolean folder) {
        return inclusions.isEmpty() || inclusions.stream().anyMatch(rule -> rule.matches(path, folder));
    }

    private static Rule rule(String text) {
        boolean takesBack = text.startsWith("!");
        String pattern = ByteNames.ofText(takesBack ? text.substring(1) : text);
        boolean onlyFolders = pattern.endsWith("/");
        if (onlyFolders) {
            pattern = pattern.substring(0, pattern.length() - 1);
        }
        boolean anchored = pattern.indexOf('/') >= 0;
        if (pattern.startsWith("/")) {
            pattern = pattern.substring(1);
        }
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("the pattern '" + text + "' is empty");
        }
        String regex = regex(text, pattern);
        return new Rule(Pattern.compile(anchored ? regex : "(?:.*/)?" + regex, Pattern.DOTALL), onlyFolders, takesBack);
    }

    /** One UTF-8 character or one stray byte, as bytes in characters. */
    private static final String ONE =
            "(?:[\\x00-\\x2e\\x30-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|[\\xe0-\\xef][\\x80-\\xbf]{2}|[\\xf0-\\xf4][\\x80-\\xbf]{3}|[\\x80-\\xff])";

    private static String regex(String text, String pattern) {
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            boolean partStart = at == 0 || pattern.charAt(at - 1) == '/';
            if (partStart && pattern.startsWith("**/", at)) {
                regex.append("(?:.*/)?");
                at += 3;
            } else if (partStart && pattern.startsWith("**", at) && at + 2 == pattern.length()) {
                regex.append(".+");
                at += 2;
            } else {
                at = appendOne(text, pattern, at, regex);
            }
        }
        return regex.toString();
    }

    private static int appendOne(String text, String pattern, int at, StringBuilder regex) {
        char c = pattern.charAt(at);
        switch (c) {
            case '*' -> regex.append("[^/]*");
            case '?' -> regex.append(ONE);
            case '[' -> {
                return appendSet(text, pattern, at, regex);
            }
            case '\\' -> {
                if (at + 1 == pattern.length()) {
                    throw new IllegalArgumentException("the pattern '" + text + "' ends with a backslash");
                }
                regex.append(Pattern.quote(pattern.substring(at + 1, at + 2)));
                return at + 2;
            }
            default -> regex.append(Pattern.quote(String.valueOf(c)));
        }
        return at + 1;
    }

    private static int appendSet(String text, String pattern, int at, StringBuilder regex) {
        int start = at + 1;
        boolean negated = pattern.startsWith("!", start) || pattern.startsWith("^", start);
        start += negated ? 1 : 0;
        int end = pattern.indexOf(']', start + 1);
        String set = end < 0 ? "" : pattern.substring(start, end);
        if (set.isEmpty() || !ByteNames.isAscii(set) || set.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "the pattern '" + text + "' has a set that is open, empty, not ASCII or holds a slash");
        }
        regex.append(negated ? "(?:(?![" : "[");
        for (int i = 0; i < set.length(); i++) {
            char c = set.charAt(i);
            boolean range = c == '-' && i > 0 && i < set.length() - 1;
            if (range && set.charAt(i - 1) > set.charAt(i + 1)) {
                throw new IllegalArgumentException("the pattern '" + text + "' has a range that runs backwards");
            }
            regex.append(range ? "-" : String.format("\\x%02x", (int) c));
        }
        regex.append(negated ? "])" + ONE + ")" : "]");
        return end + 1;
    }
}
