package dev.holdfast.core.storage.gdrive;

import java.util.List;
import java.util.Optional;

/**
 * A folder of keys in Drive. Two hosts that make it at the same moment make two, which both stay and are one: what is in
 * any of them is found, what is new goes into the first.
 *
 * @param ids of all folders that are it, the one that was made first in front
 * @param driveId of the shared drive they are in
 */
record DriveFolder(List<String> ids, Optional<String> driveId) {
    DriveFolder {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("a folder has an id");
        }
        ids = List.copyOf(ids);
    }

    /** Where new files go. */
    String first() {
        return ids.getFirst();
    }

    static DriveFolder of(List<DriveEntry> same, Optional<String> driveId) {
        return new DriveFolder(
                same.stream().sorted(DriveEntry.FIRST_MADE).map(DriveEntry::id).toList(), driveId);
    }
}
