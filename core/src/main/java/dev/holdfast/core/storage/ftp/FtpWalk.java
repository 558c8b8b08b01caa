package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One page of a listing: a walk through the folders in order of the keys. A page ends before a folder is listed when it
 * has enough items, so that no folder is listed twice for its own objects, however many there are.
 */
final class FtpWalk {
    private static final int PAGE_ITEMS = 1000;

    private final FtpConnection connection;
    private final String prefix;
    private final Optional<String> after;
    private final List<StoredObject> items = new ArrayList<>();
    private boolean more;

    private FtpWalk(FtpConnection connection, String prefix, Optional<String> after) {
        this.connection = connection;
        this.prefix = prefix;
        this.after = after;
    }

    static Page<StoredObject> page(FtpConnection connection, String prefix, Optional<String> after) throws IOException {
        FtpWalk walk = new FtpWalk(connection, prefix, after);
        String start = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        if (isFolderOfKeys(start)) {
            walk.folder(start);
        }
        Optional<String> next =
                walk.more ? Optional.of(walk.items.getLast().key().text()) : Optional.empty();
        return new Page<>(walk.items, next);
    }

    /** A prefix is any text, but only folders that a key can be in are asked for. */
    private static boolean isFolderOfKeys(String folder) {
        return folder.isEmpty() || (keyOf(folder + "x").isPresent() && !FtpNames.isReserved(folder));
    }

    /** @param folder "" or a path that ends with a slash */
    private void folder(String folder) throws IOException {
        List<FtpEntry> entries = new ArrayList<>(FtpNames.entries(connection, folder));
        entries.sort(Comparator.comparing(FtpEntry::sortKey));
        for (FtpEntry entry : entries) {
            String text = folder + entry.sortKey();
            switch (entry.kind()) {
                case FILE -> file(text, entry);
                case FOLDER -> {
                    if (mayHold(text)) {
                        if (items.size() >= PAGE_ITEMS) {
                            more = true;
                        } else {
                            folder(text);
                        }
                    }
                }
                case SELF_OR_PARENT, OTHER -> {
                    // no object
                }
            }
            if (more) {
                return;
            }
        }
    }

    private void file(String text, FtpEntry entry) {
        if (text.startsWith(prefix)
                && after.map(last -> text.compareTo(last) > 0).orElse(true)) {
            keyOf(text).ifPresent(key -> items.add(new StoredObject(key, entry.bytes(), entry.modified())));
        }
    }

    private boolean mayHold(String folder) {
        boolean inPrefix = folder.startsWith(prefix) || prefix.startsWith(folder);
        boolean isLater = after.map(last -> folder.compareTo(last) > 0 || last.startsWith(folder))
                .orElse(true);
        return inPrefix && isLater && isFolderOfKeys(folder);
    }

    /** Names that no key can have are not ours. */
    private static Optional<ObjectKey> keyOf(String text) {
        try {
            return Optional.of(new ObjectKey(text));
        } catch (IllegalArgumentException notAKey) {
            return Optional.empty();
        }
    }
}
