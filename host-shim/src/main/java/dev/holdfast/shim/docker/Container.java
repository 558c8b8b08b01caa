package dev.holdfast.shim.docker;

import java.util.Map;
import java.util.Optional;

/** A container as the engine described it once. The environment may hold passwords, so it never prints. */
public record Container(
        String id,
        String name,
        String image,
        String state,
        Map<String, String> labels,
        Map<String, String> environment) {
    public Container {
        labels = Map.copyOf(labels);
        environment = Map.copyOf(environment);
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
