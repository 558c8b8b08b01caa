package dev.holdfast.core.repository;

import dev.holdfast.core.model.PackId;

/** A pack that a snapshot needs, with its size in bytes. */
public record PackRef(PackId id, long bytes) {}
