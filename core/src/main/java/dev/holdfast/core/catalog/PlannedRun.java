package dev.holdfast.core.catalog;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import java.time.Instant;

/** One source's share of a due time. */
public record PlannedRun(RunId run, RepositoryId repository, SourceName source, Instant notBefore) {}
