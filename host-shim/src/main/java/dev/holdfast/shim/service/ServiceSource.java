package dev.holdfast.shim.service;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RecordedBackup;

/**
 * One source of a service.
 *
 * @param opening opens it; nothing is started before
 */
public record ServiceSource(SourceName name, RecordedBackup.Opening opening) {}
