package dev.holdfast.core.storage.local;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Tells what a failed file operation means. Java keeps no errno, so this reads its text, and asks the disk as well. */
final class LocalErrors {
    /** A disk with less than this is taken as full when a write failed for a reason in another language. */
    private static final long FULL_BELOW_BYTES = 64 * 1024;

    private LocalErrors() {}

    static StorageException of(IOException e, String doing, Path root) {
        if (e instanceof StorageException already) {
            return already;
        }
        String reason = reason(e);
        String message = doing + ": " + reason;
        if (e instanceof AtomicMoveNotSupportedException) {
            return new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    message + "; the folder lies on another file system than the root " + root,
                    e);
        }
        if (e instanceof AccessDeniedException || saysAny(reason, "Operation not permitted", "Read-only file system")) {
            return new StorageException.Denied(message + "; check the owner and mount options of " + root, e);
        }
        if (saysAny(reason, "No space left", "quota exceeded")) {
            return full(message, root, e);
        }
        if (saysAny(reason, "File name too long", "Is a directory", "Not a directory", "File too large")) {
            return new StorageException.Rejected(StorageException.Reason.INVALID, message, e);
        }
        return ofStore(e, message, root);
    }

    private static StorageException ofStore(IOException e, String message, Path root) {
        try {
            FileStore store = Files.getFileStore(root);
            if (store.isReadOnly()) {
                return new StorageException.Denied(message + "; " + root + " is mounted read-only", e);
            }
            if (store.getUsableSpace() < FULL_BELOW_BYTES) {
                return full(message, root, e);
            }
        } catch (IOException rootIsGone) {
            e.addSuppressed(rootIsGone);
        }
        return new StorageException.Unavailable(message + "; check the disk or mount of " + root, e);
    }

    private static StorageException full(String message, Path root, IOException e) {
        return new StorageException.Rejected(
                StorageException.Reason.FULL, message + "; make room in " + root + " or raise its quota", e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }

    private static boolean saysAny(String reason, String... texts) {
        for (String text : texts) {
            if (reason.contains(text)) {
                return true;
            }
        }
        return false;
    }
}
