package dev.holdfast.shim.service;

import dev.holdfast.core.model.SourceName;

/** The name under which the catalog keeps how far a source of a service is planned: {@code SERVICE/SOURCE}. */
public record ScheduleKey(String service, SourceName source) {
    /** Reads what {@link #text} wrote. */
    public static ScheduleKey parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("no source's schedule is called " + text);
        }
        return new ScheduleKey(text.substring(0, slash), new SourceName(text.substring(slash + 1)));
    }

    public String text() {
        return service + "/" + source;
    }
}
