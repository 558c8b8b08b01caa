package dev.holdfast.shim.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as the engine described it once. The environment may hold passwords, so it never prints; nor does the command.
 *
 * @param image as the container was made with it; a list gives an image id instead once the name means another image
 * @param command entry point and arguments; empty when the container was only listed
 */
public record Container(
        String id,
        String name,
        String image,
        String state,
        Map<String, String> labels,
        Map<String, String> environment,
        List<String> command) {
    public Container {
        labels = Map.copyOf(labels);
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
    }

    public boolean isRunning() {
        return state.equals("running");
    }

    /** The value the container was started with; an empty value counts as absent, as the official images have it. */
    public Optional<String> variable(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    @Override
    public String toString() {
        return "Container[" + name + " " + id.substring(0, Math.min(12, id.length())) + " " + image + " " + state + "]";
    }
}
