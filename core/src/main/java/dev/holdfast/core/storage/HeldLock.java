package dev.holdfast.core.storage;

import java.time.Instant;

/**
 * A lock that an object has.
 *
 * @param until the storage's own time, in whole seconds: until then it neither removes nor changes the object
 */
public record HeldLock(ObjectLock.Mode mode, Instant until) {}
