package dev.holdfast.core.schedule;

import dev.holdfast.core.model.SourceName;
import java.util.Optional;

/** A run that has been started and has not ended, whoever started it: it counts in the limits. */
public record RunningSource(SourceName source, Optional<String> group) {}
