package dev.holdfast.shim.volume;

import dev.holdfast.shim.docker.Container;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is done with a running container while its volumes are read. */
public enum Quiet {
    /** Nothing: files may change while they are read. */
    NONE,
    /** Its processes are frozen: all volumes are of one moment, as after a loss of power. */
    PAUSE,
    /** It is stopped, and started again: all volumes are as it left them. */
    STOP;

    /** The label of a container that says so. */
    public static final String LABEL = "holdfast.consistency";

    /** Throws {@link IllegalArgumentException} with the words there are. */
    public static Quiet parse(String word) {
        return Arrays.stream(values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("consistency is one of "
                        + Arrays.stream(values()).map(Quiet::word).collect(Collectors.joining(", ")) + ", and not "
                        + word));
    }

    /** What is asked for, or else what the container's label says, or else nothing. */
    static Quiet of(Optional<Quiet> asked, Container container) {
        return asked.orElseGet(() -> {
            String label = container.labels().get(LABEL);
            return label == null ? NONE : parse(label);
        });
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
