package dev.holdfast.core.config;

import java.util.List;
import java.util.regex.Pattern;

/** A value of a YAML file, and where it begins. */
sealed interface YamlNode {
    Position at();

    /** In words, for messages: {@code a list}. */
    String kind();

    /** How a scalar is written. */
    enum Style {
        PLAIN,
        QUOTED
    }

    /** One that is not a list or mapping. A plain one may mean a number, a truth value or nothing, by the core schema of YAML 1.2, chapter 10.3. */
    record Scalar(Position at, String text, Style style) implements YamlNode {
        private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
        private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
        private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
        private static final Pattern NUMBER =
                Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?[0-9]+|0o[0-7]+"
                        + "|0x[0-9a-fA-F]+|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

        boolean isNothing() {
            return style == Style.PLAIN && NOTHING.matcher(text).matches();
        }

        boolean isTruth() {
            return style == Style.PLAIN && TRUTH.matcher(text).matches();
        }

        boolean isWhole() {
            return style == Style.PLAIN && WHOLE.matcher(text).matches();
        }

        boolean isNumber() {
            return style == Style.PLAIN && NUMBER.matcher(text).matches();
        }

        @Override
        public String kind() {
            return isNothing() ? "nothing" : isTruth() ? "true or false" : isNumber() ? "a number" : "text";
        }
    }

    /** Values in order. */
    record Sequence(Position at, List<YamlNode> items) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys with values; no key is there twice. */
    record Mapping(Position at, List<Entry> entries) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** One key and its value. */
    record Entry(Scalar key, YamlNode value) {}
}
