package dev.holdfast.core.storage.gdrive;

import com.google.api.client.util.DateTime;
import com.google.api.services.drive.model.File;
import dev.holdfast.core.storage.StorageException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A file or folder as Drive describes it.
 *
 * @param bytes size; 0 for a folder
 * @param parents ids of the folders it is in: one, or none where we may not see it
 */
record DriveEntry(
        String id,
        String name,
        Kind kind,
        long bytes,
        Instant created,
        Instant modified,
        boolean trashed,
        List<String> parents,
        Optional<String> md5,
        Optional<String> sha256,
        Optional<String> driveId) {
    static final String FOLDER_TYPE = "application/vnd.google-apps.folder";

    /** What {@link #of} needs; everything else is left out of answers. */
    static final String FIELDS =
            "id,name,mimeType,size,createdTime,modifiedTime,trashed,parents,md5Checksum,sha256Checksum,driveId";

    /**
     * Who has a name that several entries have: the one that was made first. Neither time nor id ever changes, so every
     * host comes to the same answer whatever else happens to the entries, and what is removed is never the last one.
     */
    static final Comparator<DriveEntry> FIRST_MADE =
            Comparator.comparing(DriveEntry::created).thenComparing(DriveEntry::id);

    private static final String GOOGLE_TYPES = "application/vnd.google-apps.";

    /** What an entry is. */
    enum Kind {
        FILE,
        FOLDER,
        /** A document or shortcut, which has no bytes of its own: not ours. */
        OTHER
    }

    DriveEntry {
        parents = List.copyOf(parents);
    }

    static DriveEntry of(File file) throws StorageException {
        String id = file.getId();
        String name = file.getName();
        String type = file.getMimeType();
        DateTime created = file.getCreatedTime();
        DateTime modified = file.getModifiedTime();
        Long size = file.getSize();
        List<String> parents = file.getParents();
        Boolean trashed = file.getTrashed();
        if (id == null || name == null || type == null || created == null || modified == null) {
            throw new StorageException.Corrupt(
                    "Google Drive leaves out what was asked for: id, name, type or times", null);
        }
        Kind kind = type.equals(FOLDER_TYPE) ? Kind.FOLDER : type.startsWith(GOOGLE_TYPES) ? Kind.OTHER : Kind.FILE;
        if (kind == Kind.FILE && size == null) {
            throw new StorageException.Corrupt("Google Drive does not tell the size of " + name, null);
        }
        return new DriveEntry(
                id,
                name,
                kind,
                size == null ? 0 : size,
                Instant.ofEpochMilli(created.getValue()),
                Instant.ofEpochMilli(modified.getValue()),
                trashed != null && trashed,
                parents == null ? List.of() : parents,
                Optional.ofNullable(file.getMd5Checksum()),
                Optional.ofNullable(file.getSha256Checksum()),
                Optional.ofNullable(file.getDriveId()));
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }
}
