package dev.holdfast.core.storage.ftp;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether a server keeps a blank at the end of a name. Pure-FTPd cuts it off, so that the key {@code "a "} would read,
 * replace and delete the object {@code "a"}. Found out once for each driver, and only when such a key is asked for.
 */
final class TrailingBlanks {
    private Optional<Boolean> kept = Optional.empty();

    /** Whether the server can have an object of this name at all. */
    synchronized boolean canHold(FtpConnection connection, String path) throws IOException {
        if (!path.endsWith(" ") && !path.contains(" /")) {
            return true;
        }
        if (kept.isEmpty()) {
            kept = Optional.of(areKept(connection));
        }
        return kept.get();
    }

    private static boolean areKept(FtpConnection connection) throws IOException {
        String name = UUID.randomUUID() + " ";
        connection.makeFolder(FtpNames.PARTS); // refused when it is there: the next one tells
        FtpReply made = connection.makeFolder(FtpNames.PARTS + "/" + name);
        if (!made.isDone()) {
            throw connection.errors().refused("making of a folder in " + FtpNames.PARTS, made);
        }
        boolean kept = FtpNames.entries(connection, FtpNames.PARTS + "/").stream()
                .anyMatch(entry -> entry.name().equals(name));
        connection.removeFolder(FtpNames.PARTS + "/" + name);
        return kept;
    }
}
