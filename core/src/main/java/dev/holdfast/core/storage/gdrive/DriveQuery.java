package dev.holdfast.core.storage.gdrive;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The searches that are made, in the language of {@code files.list}. Drive compares names without regard to case, has
 * had trouble with letters outside ASCII, and learns of new names with a delay, while searches by folder are up to date
 * (found by users of the API; see STORAGE.md). So a name is searched for only where it is plain, and answers are compared
 * again by the caller.
 */
final class DriveQuery {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._'-]+");

    private DriveQuery() {}

    /** Everything in the folders. */
    static String children(List<String> parents) {
        return in(parents) + " and trashed = false";
    }

    /** The folders in the folders. */
    static String folders(List<String> parents) {
        return in(parents) + " and mimeType = '" + DriveEntry.FOLDER_TYPE + "' and trashed = false";
    }

    /** What has this name in the folders, and perhaps more. */
    static String named(List<String> parents, String name) {
        return PLAIN.matcher(name).matches()
                ? in(parents) + " and name = " + quoted(name) + " and trashed = false"
                : children(parents);
    }

    private static String in(List<String> parents) {
        String any = parents.stream().map(id -> quoted(id) + " in parents").collect(Collectors.joining(" or "));
        return parents.size() == 1 ? any : "(" + any + ")";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
