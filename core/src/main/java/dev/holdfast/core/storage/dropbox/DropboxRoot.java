package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.DbxException;
import com.dropbox.core.v2.files.FolderMetadata;
import com.dropbox.core.v2.files.Metadata;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of all objects. It is looked for before the first put, because Dropbox makes missing folders in silence, and
 * whenever something is not found, so that a folder that is gone is never an empty storage.
 */
final class DropboxRoot {
    private final DropboxAccess access;
    private final String path;
    private volatile boolean seen;

    /** @param path with a slash before each part; empty for all the app may see, which is always there */
    DropboxRoot(DropboxAccess access, String path) {
        this.access = access;
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Looks unless it was seen before. */
    void requireOnce() throws DbxException, IOException {
        if (!seen) {
            lowerCase();
        }
    }

    /**
     * The root as Dropbox writes it in lower case, which listings begin with.
     *
     * @throws StorageException.Rejected it is not there
     */
    String lowerCase() throws DbxException, IOException {
        if (path.isEmpty()) {
            seen = true;
            return path;
        }
        try {
            Metadata found = access.call(files -> files.getMetadata(path));
            Optional<String> lower = Optional.ofNullable(found.getPathLower());
            if (!(found instanceof FolderMetadata) || lower.isEmpty()) {
                throw missing("is no folder", null);
            }
            seen = true;
            return lower.get();
        } catch (DbxException e) {
            if (DropboxErrors.isNoFile(e)) {
                throw missing("does not exist", e);
            }
            throw e;
        }
    }

    private StorageException.Rejected missing(String why, @Nullable DbxException cause) {
        return new StorageException.Rejected(
                Reason.NO_ROOT,
                "the folder " + path + " " + why + " in what the Dropbox app may see; check the name, or create it",
                cause);
    }
}
