package dev.holdfast.core.model;

/** How bad a problem is, in rising order. */
public enum Severity {
    /** What is promised is still kept, but somebody should look. */
    WARNING,
    /** What is promised is no longer kept. */
    CRITICAL
}
