package dev.holdfast.core.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.model.Severity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** An {@link AlertState} as one line of JSON, to be stored. */
public final class AlertStateJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertStateJson() {}

    public static String write(AlertState state) {
        ObjectNode node = JSON.createObjectNode()
                .put("phase", state.phase().name())
                .put("changed", state.changed().toString())
                .put("severity", state.severity().name())
                .put("service", state.service())
                .put("title", state.title())
                .put("text", state.text())
                .put("since", state.since().toString())
                .put("relapses", state.relapses());
        state.told()
                .ifPresent(told -> node.putObject("told")
                        .put("severity", told.severity().name())
                        .put("at", told.at().toString()));
        return node.toString();
    }

    /**
     * The state that was written.
     *
     * @throws IllegalArgumentException when it was not written by {@link #write}
     */
    public static AlertState read(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            Optional<AlertState.Told> told = node.hasNonNull("told")
                    ? Optional.of(new AlertState.Told(severity(node.get("told")), time(node.get("told"), "at")))
                    : Optional.empty();
            return new AlertState(
                    AlertState.Phase.valueOf(text(node, "phase")),
                    time(node, "changed"),
                    severity(node),
                    told,
                    text(node, "service"),
                    text(node, "title"),
                    text(node, "text"),
                    time(node, "since"),
                    Integer.parseInt(text(node, "relapses")));
        } catch (JsonProcessingException | DateTimeException e) {
            throw new IllegalArgumentException("not the state of an alert", e);
        }
    }

    private static Severity severity(JsonNode node) {
        return Severity.valueOf(text(node, "severity"));
    }

    private static Instant time(JsonNode node, String field) {
        return Instant.parse(text(node, field));
    }

    private static String text(JsonNode node, String field) {
        if (!node.hasNonNull(field)) {
            throw new IllegalArgumentException("the state of an alert lacks " + field);
        }
        return node.get(field).asText();
    }
}
