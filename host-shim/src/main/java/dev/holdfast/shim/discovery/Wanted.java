package dev.holdfast.shim.discovery;

import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.docker.Container;
import java.util.Optional;

/**
 * A database that should be backed up, before it has a name.
 *
 * @param label {@code holdfast.name}, when it is there
 */
record Wanted(Container container, DatabaseType type, String why, Origin origin, Optional<String> label) {
    Wanted because(String reason) {
        return new Wanted(container, type, reason, origin, label);
    }

    /** What it is called unless another one is called so too. */
    String firstName() {
        return label.orElse(origin.name());
    }
}
