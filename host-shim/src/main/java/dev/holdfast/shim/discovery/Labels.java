package dev.holdfast.shim.discovery;

import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.database.Exclusion;
import dev.holdfast.shim.database.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the labels of a container say. Ours come before those of stack-back, which are read so that its users need no second set; what they
 * mean there is in its documentation (github.com/lawndoc/stack-back). Methods throw {@link IllegalArgumentException}, with one sentence, when
 * a label cannot be understood.
 */
record Labels(Map<String, String> all) {
    static final String ENABLE = "holdfast.enable";
    static final String NAME = "holdfast.name";
    static final String APP = "holdfast.app";

    private static final List<String> OURS = List.of(
            ENABLE,
            DatabaseTypes.LABEL,
            NAME,
            APP,
            Exclusion.LABEL,
            Replicas.LABEL,
            "holdfast.consistency",
            "holdfast.pre",
            "holdfast.post",
            "holdfast.mongodb.uri");
    private static final List<String> STACK_BACK = List.of("postgres", "mysql", "mariadb");
    private static final int SHOWN = 60;

    /** {@code holdfast.enable}; empty when it is not there. */
    Optional<Boolean> enabled() {
        return value(ENABLE).map(value -> truth(ENABLE, value));
    }

    Optional<String> value(String label) {
        return Optional.ofNullable(all.get(label)).map(String::strip);
    }

    /** What a label says the container is, with the label for people; empty when none does. */
    Optional<Said> type(DatabaseTypes types) {
        Optional<String> ours = value(DatabaseTypes.LABEL);
        if (ours.isPresent()) {
            return ours.map(value -> said(types, DatabaseTypes.LABEL, value, value));
        }
        List<String> engines = stackBack(true);
        if (engines.size() > 1) {
            throw new IllegalArgumentException("labels " + stackBackLabel(engines.get(0)) + " and "
                    + stackBackLabel(engines.get(1)) + " are both true: say which it is with label "
                    + DatabaseTypes.LABEL);
        }
        return engines.stream().findFirst().map(engine -> said(types, stackBackLabel(engine), engine, "true"));
    }

    /** The label of stack-back that says no; ours do not count here. */
    Optional<String> stackBackNo() {
        return stackBack(false).stream().findFirst().map(engine -> stackBackLabel(engine) + "=false");
    }

    private List<String> stackBack(boolean wanted) {
        List<String> engines = new ArrayList<>();
        for (String engine : STACK_BACK) {
            String label = stackBackLabel(engine);
            if (value(label).filter(value -> truth(label, value) == wanted).isPresent()) {
                engines.add(engine);
            }
        }
        return engines;
    }

    private static String stackBackLabel(String engine) {
        return "stack-back." + engine;
    }

    private static Said said(DatabaseTypes types, String label, String type, String value) {
        return types.all().stream()
                .filter(known -> known.label().equals(type))
                .findFirst()
                .map(known -> new Said(known, "label " + label + "=" + value))
                .orElseThrow(() -> new IllegalArgumentException("label " + label + "=" + shown(value)
                        + " names no source type of this version; there are: " + types.labels()));
    }

    /** Labels that begin like ours and are none: a slip of the pen must not pass for a setting. */
    List<String> unknown() {
        return new TreeSet<>(all.keySet())
                .stream()
                        .filter(label -> label.startsWith("holdfast.") && !OURS.contains(label))
                        .map(label -> "label " + shown(label) + " is not known here and does nothing; there are: "
                                + String.join(", ", OURS))
                        .toList();
    }

    private static boolean truth(String label, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException("label " + label + "=" + shown(value) + " must be true or false");
        };
    }

    /** A text of someone else's, fit for a terminal. */
    static String shown(String text) {
        String plain = text.replaceAll("[^\\p{Graph} ]", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
    }

    /** What a label says, and which one. */
    record Said(DatabaseType type, String why) {}
}
