package dev.holdfast.core.source.files;

import java.util.List;

/**
 * What was restored.
 *
 * @param entries that were restored, of any kind
 * @param contentBytes written to files, holes not counted
 * @param warnings what could not be restored as it was, for people; the first 100 and a count of the others
 * @param unmatched selected paths that no entry matched
 */
public record ExtractionReport(long entries, long contentBytes, List<String> warnings, List<String> unmatched) {}
