package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is under a name. FTP has one code, 550, for "is not there" and "you may not": here they are told apart, because
 * a backup taken for missing would be pruned or written again.
 */
final class FtpNames {
    /** Folder of uploads that are not whole yet; never listed, and no key may begin with it. */
    static final String PARTS = ".holdfast-parts";

    /** What a file system keeps at its top, where only its owner may look. */
    private static final String LOST_AND_FOUND = "lost+found";

    private static final String[] PERMISSION = {"permission", "denied", "not allowed", "privilege", "access"};

    private FtpNames() {}

    /** Whether a path is, or lies in, a folder at the top that never holds objects. */
    static boolean isReserved(String path) {
        int slash = path.indexOf('/');
        String top = slash < 0 ? path : path.substring(0, slash);
        return top.equals(PARTS) || top.equals(LOST_AND_FOUND);
    }

    /** Size and time of a file. */
    record Found(long bytes, Instant modified) {}

    /** What SIZE says of a file; empty when there is none. */
    static Optional<Long> bytes(FtpConnection connection, String path) throws IOException {
        FtpReply reply = connection.size(path);
        if (reply.code() == 213) {
            long bytes = FtpEntry.number(reply.text());
            if (bytes < 0) {
                throw new StorageException.Corrupt("size of " + path + " is no number: " + reply.display(), null);
            }
            return Optional.of(bytes);
        }
        if (reply.isUnknownCommand()) {
            return listed(connection, path).map(FtpEntry::bytes);
        }
        requireMissing(connection, path, reply);
        return Optional.empty();
    }

    /** Size and time of a file; empty when there is none. */
    static Optional<Found> find(FtpConnection connection, String path) throws IOException {
        if (connection.hasMachineListing()) {
            FtpReply reply = connection.facts(path);
            if (reply.code() == 250 && reply.lines().size() > 1) {
                Optional<FtpEntry> facts = FtpEntry.ofFacts(reply.lines().get(1).strip());
                if (facts.isPresent() && facts.get().kind() != FtpEntry.Kind.OTHER) {
                    return facts.filter(entry -> entry.kind() == FtpEntry.Kind.FILE)
                            .map(entry -> new Found(entry.bytes(), entry.modified()));
                }
            } else if (!reply.isUnknownCommand() && !reply.isDone()) {
                requireMissing(connection, path, reply);
                return Optional.empty();
            }
        }
        return bySizeAndTime(connection, path);
    }

    private static Optional<Found> bySizeAndTime(FtpConnection connection, String path) throws IOException {
        Optional<Long> bytes = bytes(connection, path);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> modified = FtpConnection.timeOf(connection.modified(path));
        if (modified.isPresent()) {
            return Optional.of(new Found(bytes.get(), modified.get()));
        }
        return listed(connection, path).map(entry -> new Found(entry.bytes(), entry.modified()));
    }

    private static Optional<FtpEntry> listed(FtpConnection connection, String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return entries(connection, parent(path)).stream()
                .filter(entry ->
                        entry.kind() == FtpEntry.Kind.FILE && entry.name().equals(name))
                .findFirst();
    }

    /** The entries of a folder ("" or with a slash at its end); none when it is missing. */
    static List<FtpEntry> entries(FtpConnection connection, String folder) throws IOException {
        FtpReply reply = connection.changeTo(folder);
        if (reply.isDone()) {
            return connection.entries(folder);
        }
        requireFolderMissing(connection, folder, reply);
        return List.of();
    }

    /**
     * A file was refused by name: it is missing when its folder can be entered (then the server could look), or is
     * missing itself.
     *
     * @throws StorageException the refusal was of another kind
     */
    static void requireMissing(FtpConnection connection, String path, FtpReply refusal) throws IOException {
        if (!refusal.isNameRefused() || refusal.says(PERMISSION)) {
            throw connection.errors().refused("reading of " + path, refusal);
        }
        String folder = parent(path);
        FtpReply entered = connection.changeTo(folder);
        if (!entered.isDone()) {
            requireFolderMissing(connection, folder, entered);
        }
    }

    private static void requireFolderMissing(FtpConnection connection, String folder, FtpReply refusal)
            throws IOException {
        if (!refusal.isNameRefused()) {
            throw connection.errors().refused("folder \"" + folder + "\"", refusal);
        }
        if (folder.isEmpty()) {
            throw new StorageException.Rejected(
                    Reason.NO_ROOT, "the storage's folder has gone: " + refusal.display() + "; create it again", null);
        }
        String path = folder.substring(0, folder.length() - 1);
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean isThere = entries(connection, parent(path)).stream()
                .anyMatch(entry ->
                        entry.kind() == FtpEntry.Kind.FOLDER && entry.name().equals(name));
        if (isThere && !connection.changeTo(folder).isDone()) {
            throw connection.errors().refused("folder \"" + folder + "\"", refusal);
        }
    }

    /** The folder of a path, with a slash at its end; "" for the root. */
    static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }
}
