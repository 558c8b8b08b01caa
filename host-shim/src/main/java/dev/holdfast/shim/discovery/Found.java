package dev.holdfast.shim.discovery;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.docker.Container;

/**
 * A source that would be backed up.
 *
 * @param app the application it belongs to: label {@code holdfast.app}, else the Compose project; may be empty
 * @param why what said so, for people
 */
public record Found(SourceName name, Container container, DatabaseType type, String app, String why) {}
