package dev.holdfast.core.storage.gdrive;

import java.util.Map;

/** An error as the Drive API answers it: see its guide "Resolve errors". */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String reason;
    private final String location;
    private final transient Map<String, String> headers;

    Refusal(int status, String reason, String message) {
        this(status, reason, message, "", Map.of());
    }

    Refusal(int status, String reason, String message, String location, Map<String, String> headers) {
        super(message);
        this.status = status;
        this.reason = reason;
        this.location = location;
        this.headers = headers;
    }

    static Refusal notFound(String id) {
        return new Refusal(404, "notFound", "File not found: " + id + ".", "fileId", Map.of());
    }

    static Refusal invalid(String location, String message) {
        return new Refusal(400, "invalid", message, location, Map.of());
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    Map<String, Object> json() {
        Map<String, Object> info = Map.of(
                "domain",
                reason.endsWith("LimitExceeded") ? "usageLimits" : "global",
                "reason",
                reason,
                "message",
                String.valueOf(getMessage()),
                "locationType",
                "parameter",
                "location",
                location);
        return Map.of(
                "error",
                Map.of("code", status, "message", String.valueOf(getMessage()), "errors", java.util.List.of(info)));
    }
}
