package dev.holdfast.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
final class Nearest {
    private Nearest() {}

    /** The name with the fewest changes to the word, when they are few enough to be a slip; hyphens, underscores and capitals are none. */
    static Optional<String> to(String word, Collection<String> names) {
        String wanted = plain(word);
        return names.stream()
                .filter(name -> distance(wanted, plain(name)) <= Math.max(1, Math.min(name.length(), 12) / 3))
                .min(Comparator.<String>comparingInt(name -> distance(wanted, plain(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code ; did you mean shop?}, or which there are. */
    static String hint(String word, Collection<String> names) {
        return to(word, names)
                .map(name -> "; did you mean " + name + "?")
                .orElseGet(() -> names.isEmpty() ? "; there is none" : "; there is " + String.join(", ", names));
    }

    private static String plain(String word) {
        String cut = word.length() > 64 ? word.substring(0, 64) : word;
        return cut.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Of Damerau and Levenshtein, with neighbours exchanged as one change (optimal string alignment). */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            last[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] now = new int[to.length() + 1];
            now[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int exchange = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
                now[column] = Math.min(Math.min(now[column - 1], last[column]) + 1, last[column - 1] + exchange);
                boolean turned = row > 1
                        && column > 1
                        && from.charAt(row - 1) == to.charAt(column - 2)
                        && from.charAt(row - 2) == to.charAt(column - 1);
                if (turned) {
                    now[column] = Math.min(now[column], beforeLast[column - 2] + 1);
                }
            }
            beforeLast = last;
            last = now;
        }
        return last[to.length()];
    }
}
