package dev.holdfast.shim.mongo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code mongorestore} says of its work on stderr: one line for each collection, whose documents are those it tried, and a summary at the end. It
 * ends with exit code 0 even when documents were refused.
 *
 * @param documents by collection as the tool writes it, {@code database.collection}; those that were not refused. Only the end of a long log is known
 */
record RestoreLog(Map<String, Long> documents, Optional<Summary> summary) {
    private static final Pattern COLLECTION =
            Pattern.compile("\\S+\\tfinished restoring (.+) \\((\\d+) documents?, (\\d+) failures?\\)");
    private static final Pattern SUMMARY = Pattern.compile(
            "\\S+\\t(\\d+) document\\(s\\) restored successfully\\. (\\d+) document\\(s\\) failed to restore\\.");

    /** Documents of all collections. */
    record Summary(long restored, long failed) {}

    static RestoreLog of(String stderr) {
        Map<String, Long> documents = new HashMap<>();
        Optional<Summary> summary = Optional.empty();
        for (String line : stderr.split("\n", -1)) {
            Matcher collection = COLLECTION.matcher(line);
            Matcher end = SUMMARY.matcher(line);
            if (collection.matches()) {
                documents.put(
                        collection.group(1), Long.parseLong(collection.group(2)) - Long.parseLong(collection.group(3)));
            } else if (end.matches()) {
                summary = Optional.of(new Summary(Long.parseLong(end.group(1)), Long.parseLong(end.group(2))));
            }
        }
        return new RestoreLog(documents, summary);
    }
}
