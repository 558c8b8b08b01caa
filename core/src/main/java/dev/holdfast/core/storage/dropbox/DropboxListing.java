package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.DbxException;
import com.dropbox.core.v2.files.DeletedMetadata;
import com.dropbox.core.v2.files.FileMetadata;
import com.dropbox.core.v2.files.ListFolderResult;
import com.dropbox.core.v2.files.Metadata;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All objects below a prefix, in order of key. Dropbox lists a folder with all below it in an order it does not tell, so
 * the whole is read before the first key is known: some 200 bytes of memory an object, 2,000 objects a request.
 */
final class DropboxListing {
    private static final long PAGE_ENTRIES = 2_000;

    private final DropboxAccess access;
    private final DropboxRoot root;
    private final String prefix;
    private final NavigableMap<String, StoredObject> found = new TreeMap<>();

    DropboxListing(DropboxAccess access, DropboxRoot root, String prefix) {
        this.access = access;
        this.root = root;
        this.prefix = prefix;
    }

    List<StoredObject> read() throws DbxException, IOException {
        String lowerRoot = root.lowerCase();
        Optional<String> folder = folder();
        if (folder.isEmpty()) {
            return List.of();
        }
        try {
            ListFolderResult page = access.call(files -> files.listFolderBuilder(root.path() + folder.get())
                    .withRecursive(true)
                    .withLimit(PAGE_ENTRIES)
                    .start());
            take(page, lowerRoot);
            while (page.getHasMore()) {
                String cursor = page.getCursor();
                page = access.call(files -> files.listFolderContinue(cursor));
                take(page, lowerRoot);
            }
        } catch (DbxException e) {
            if (!DropboxErrors.isNoFile(e)) {
                throw e;
            }
            found.clear(); // the folder is not there, or was removed meanwhile
            root.lowerCase();
        }
        return List.copyOf(found.values());
    }

    /** The folder that holds all the prefix can mean; empty when no key begins so. */
    private Optional<String> folder() throws StorageException {
        String parent = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
        if (parent.isEmpty()) {
            return prefix.startsWith("/") ? Optional.empty() : Optional.of("");
        }
        try {
            return Optional.of(DropboxNames.path(new ObjectKey(parent).text()));
        } catch (IllegalArgumentException | StorageException.Rejected e) {
            return Optional.empty();
        }
    }

    private void take(ListFolderResult page, String lowerRoot) {
        for (Metadata entry : page.getEntries()) {
            Optional.ofNullable(entry.getPathLower())
                    .filter(lower -> lower.startsWith(lowerRoot + "/"))
                    .map(lower -> lower.substring(lowerRoot.length() + 1))
                    .flatMap(DropboxNames::key)
                    .ifPresent(key -> take(key, entry));
        }
    }

    /** Pages tell changes too: what comes later about a path is the truth, and a file has nothing below it. */
    private void take(String key, Metadata entry) {
        found.remove(key);
        if (entry instanceof FileMetadata || entry instanceof DeletedMetadata) {
            found.subMap(key + "/", key + "0").clear(); // '0' is the character after '/'
        }
        if (entry instanceof FileMetadata file && key.startsWith(prefix)) {
            DropboxDriver.nameable(key).ifPresent(name -> found.put(key, DropboxDriver.described(name, file)));
        }
    }
}
