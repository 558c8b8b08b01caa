package dev.holdfast.core.schedule;

import dev.holdfast.core.model.SourceName;
import java.time.Instant;

/**
 * A run that starts now.
 *
 * @param due the newest due time that it serves; the caller stores it as {@link ScheduledSource#planned()} before the run begins, so that a crash neither loses nor doubles it
 * @param waiting since when the source should have run: earlier than {@code due} when due times were missed, which this run makes up for once
 */
public record Start(SourceName source, Instant due, Instant waiting) {}
