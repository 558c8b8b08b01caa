package dev.holdfast.core.storage;

import java.util.regex.Pattern;

/** The folder of a Google Drive below which objects are kept. */
public sealed interface GoogleDriveRoot {
    /**
     * A folder directly in My Drive, by its name. The first put makes it; it is never made again while it was seen once.
     */
    record Named(String name) implements GoogleDriveRoot {
        public Named {
            if (name.isBlank() || name.length() > 255 || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                throw new IllegalArgumentException("Google Drive folder must be a name of 1 to 255 characters");
            }
        }
    }

    /**
     * A folder that exists, by the id in its address, or a shared drive by its id.
     *
     * @param id letters, digits, hyphens and underscores
     */
    record Folder(String id) implements GoogleDriveRoot {
        private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

        public Folder {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException(
                        "Google Drive folder id has only letters, digits, - and _; it is the end of the folder's address");
            }
        }
    }
}
