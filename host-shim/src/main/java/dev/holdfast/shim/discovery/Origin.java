package dev.holdfast.shim.discovery;

import dev.holdfast.shim.docker.Container;
import java.util.Optional;

/**
 * Where a container comes from, as its labels say: a service of a Compose project, a task of a Swarm service, or neither.
 *
 * @param app label {@code holdfast.app}, else the project or stack; may be empty
 * @param name what a source of it is called when it is the only one of its service
 * @param replica which one of a scaled service; empty for neither
 */
record Origin(String app, String name, Optional<String> replica) {
    private static final String COMPOSE = "com.docker.compose.";
    private static final String SWARM = "com.docker.swarm.";

    static Origin of(Container container, Labels labels) {
        Optional<String> app = labels.value(Labels.APP);
        Optional<String> project = labels.value(COMPOSE + "project");
        Optional<String> service = labels.value(COMPOSE + "service");
        if (project.isPresent() && service.isPresent()) {
            String owner = app.orElse(project.get());
            return new Origin(owner, owner + "-" + service.get(), labels.value(COMPOSE + "container-number"));
        }
        Optional<String> task = labels.value(SWARM + "service.name");
        if (task.isPresent()) {
            // a task's container has a name that changes with every start
            String stack = labels.value("com.docker.stack.namespace").orElse("");
            return new Origin(
                    app.orElse(stack),
                    app.map(owner -> owner + "-" + task.get()).orElse(task.get()),
                    labels.value(SWARM + "task.name").flatMap(Origin::slot));
        }
        return new Origin(
                app.orElse(""),
                app.map(owner -> owner + "-" + container.name()).orElse(container.name()),
                Optional.empty());
    }

    /** Whether it was made by {@code docker compose run}, for one command. */
    static boolean isOneOff(Labels labels) {
        return labels.value(COMPOSE + "oneoff").filter("true"::equalsIgnoreCase).isPresent();
    }

    /** The second part of {@code stack_db.1.abc}. */
    private static Optional<String> slot(String task) {
        String[] parts = task.split("\\.", -1);
        return parts.length < 2 ? Optional.empty() : Optional.of(parts[parts.length - 2]);
    }
}
