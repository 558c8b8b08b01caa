package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Objects as files below a folder of an FTP server.
 *
 * <ul>
 *   <li>An upload goes to a name of its own in {@value FtpNames#PARTS}, is measured there, and is renamed when it is
 *       whole. FTP cannot flush to disk: "durable" is what the server makes of its reply 226. The first upload removes
 *       what killed ones left there ({@link FtpSweep}).
 *   <li>{@link PutMode#IF_ABSENT} is a look before the rename; FTP has nothing atomic, so the capability is absent.
 *   <li>Under TLS the server's certificate must be trusted and bear the host's name, on data connections too, and data
 *       connections resume the control connection's session ({@link FtpTrust}, {@link ControlPortSocket}).
 *   <li>Symbolic links below the root are not listed and not followed by listings.
 * </ul>
 */
public final class FtpDriver implements StorageDriver {
    private final FtpPool pool;
    private final FtpTimeouts timeouts;
    private final TrailingBlanks blanks = new TrailingBlanks();
    private final FtpSweep sweep = new FtpSweep();

    /**
     * Connects at the first call.
     *
     * @throws StorageException.Rejected the certificate file cannot be read
     */
    public FtpDriver(StorageSpec.Ftp spec) throws StorageException {
        this(spec, spec.password()::reveal, FtpTimeouts.DEFAULT, InetAddress::getAllByName);
    }

    /** @param password asked for at each login */
    FtpDriver(StorageSpec.Ftp spec, Supplier<String> password, FtpTimeouts timeouts, FtpPool.Resolver resolver)
            throws StorageException {
        this.timeouts = timeouts;
        this.pool = new FtpPool(spec, FtpTrust.of(spec.certificates()), timeouts, password, resolver);
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        String path = pathOf(key);
        String part = FtpNames.PARTS + "/" + UUID.randomUUID();
        try (FtpPool.Lease lease = pool.lease()) {
            lease.call(connection -> {
                requireHolds(connection, path);
                if (mode == PutMode.IF_ABSENT) {
                    requireAbsent(connection, path);
                }
                return true;
            });
            try {
                lease.call(connection -> {
                    upload(connection, part, body);
                    sweep.once(connection, part);
                    publish(connection, part, path, mode);
                    return true;
                });
            } catch (IOException | RuntimeException e) {
                discard(lease, part, e);
                throw e;
            }
        }
    }

    private void requireHolds(FtpConnection connection, String path) throws IOException {
        if (!blanks.canHold(connection, path)) {
            throw new StorageException.Rejected(
                    Reason.INVALID, "the server drops the blank at the end of a name in \"" + path + "\"", null);
        }
    }

    private static void requireAbsent(FtpConnection connection, String path) throws IOException {
        if (FtpNames.bytes(connection, path).isPresent()) {
            throw new StorageException.Rejected(Reason.EXISTS, path + " exists already", null);
        }
    }

    private static void upload(FtpConnection connection, String part, Body body) throws IOException {
        FtpReply reply = connection.store(part, body);
        if (reply.isNameRefused()) {
            makeFolder(connection, FtpNames.PARTS, reply);
            reply = connection.store(part, body);
        }
        if (!reply.isDone()) {
            throw connection.errors().refused("upload", reply);
        }
        long stored = FtpNames.bytes(connection, part).orElse(-1L);
        if (stored != body.bytes()) {
            throw connection
                    .errors()
                    .lost("upload", "the server has " + stored + " of " + body.bytes() + " bytes", null);
        }
    }

    /** Makes a folder unless it is there: servers answer both with the same codes, so what follows finds out. */
    private static void makeFolder(FtpConnection connection, String folder, FtpReply reason) throws IOException {
        FtpReply made = connection.makeFolder(folder);
        if (made.says("invalid directory name")) {
            makeFolderByRename(connection, folder);
            return;
        }
        boolean mayExist = made.isNameRefused() || made.code() == 521;
        if (!made.isDone() && !mayExist) {
            throw connection.errors().refused("making of folder " + folder, made);
        }
        if (mayExist
                && made.says("permission", "denied")
                && !connection.changeTo(folder).isDone()) {
            throw connection.errors().refused("making of folder " + folder, reason);
        }
    }

    /** ProFTPD makes no folder with an asterisk in its name, but lets one be renamed so. */
    private static void makeFolderByRename(FtpConnection connection, String folder) throws IOException {
        if (connection.changeTo(folder).isDone()) {
            return;
        }
        String plain = FtpNames.PARTS + "/" + UUID.randomUUID();
        FtpReply made = connection.makeFolder(plain);
        if (!made.isDone()) {
            throw connection.errors().refused("making of folder " + folder, made);
        }
        FtpReply renamed = connection.rename(plain, folder);
        if (!renamed.isDone()) {
            connection.removeFolder(plain);
            if (!connection.changeTo(folder).isDone()) { // else another upload has just made it
                throw new StorageException.Rejected(
                        Reason.INVALID, "the server makes no folder " + folder + ": " + renamed.display(), null);
            }
        }
    }

    /** Renames the whole upload to its key. */
    private static void publish(FtpConnection connection, String part, String path, PutMode mode) throws IOException {
        if (mode == PutMode.IF_ABSENT) {
            requireAbsent(connection, path);
        }
        FtpReply reply = connection.rename(part, path);
        if (reply.isRenameRefused()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                makeFolder(connection, path.substring(0, slash), reply);
            }
            reply = connection.rename(part, path);
        }
        if (reply.isRenameRefused()) {
            requireNoObjectAbove(connection, path);
            reply = replaceInTwoSteps(connection, part, path, reply);
        }
        if (!reply.isDone()) {
            throw connection.errors().refused("upload of " + path, reply);
        }
    }

    private static void requireNoObjectAbove(FtpConnection connection, String path) throws IOException {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String above = path.substring(0, slash);
            if (connection.size(above).code() == 213) {
                throw new StorageException.Rejected(
                        Reason.INVALID, path + " cannot be stored: " + above + " is an object, not a folder", null);
            }
        }
        if (connection.changeTo(path).isDone()) {
            throw new StorageException.Rejected(
                    Reason.INVALID, path + " cannot be stored: it is a folder of other objects", null);
        }
    }

    /**
     * For servers that do not rename onto an existing file: the old object steps aside, and back again when the new one
     * cannot take its place.
     */
    private static FtpReply replaceInTwoSteps(FtpConnection connection, String part, String path, FtpReply refusal)
            throws IOException {
        if (connection.size(path).code() != 213) {
            return refusal;
        }
        String aside = FtpNames.PARTS + "/" + UUID.randomUUID();
        if (!connection.rename(path, aside).isDone()) {
            return refusal;
        }
        FtpReply reply = connection.rename(part, path);
        if (reply.isDone()) {
            connection.delete(aside);
        } else {
            FtpReply back = connection.rename(aside, path);
            if (!back.isDone()) {
                throw new StorageException.Corrupt(
                        path + " could not be replaced, and its old content is left in " + aside + ": "
                                + back.display(),
                        null);
            }
        }
        return reply;
    }

    /** Removes what is left of a failed upload; the failure stays the one that is told. */
    private static void discard(FtpPool.Lease lease, String part, Exception failure) {
        try {
            lease.renewed().delete(part);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        String path = pathOf(key);
        FtpPool.Lease lease = pool.lease();
        try {
            Optional<InputStream> stream = lease.call(connection -> download(lease, connection, path, range));
            if (!stream.map(FtpDownload.class::isInstance).orElse(false)) {
                lease.close();
            }
            return stream;
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private Optional<InputStream> download(FtpPool.Lease lease, FtpConnection connection, String path, ByteRange range)
            throws IOException {
        Optional<Long> size = FtpNames.bytes(connection, path);
        if (size.isEmpty()) {
            return Optional.empty();
        }
        long rest = size.get() - range.offset();
        if (rest <= 0) {
            return Optional.of(InputStream.nullInputStream());
        }
        Optional<DataChannel> data = connection.retrieve(path, range.offset());
        if (data.isEmpty()) {
            FtpReply refusal = connection.reply();
            if (refusal.isNameRefused() && FtpNames.bytes(connection, path).isEmpty()) {
                return Optional.empty();
            }
            throw connection.errors().refused("download of " + path, refusal);
        }
        long wanted = Math.min(rest, range.length());
        return Optional.of(
                new FtpDownload(lease, data.get(), "download of " + path, wanted, wanted == rest, timeouts.reply()));
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        String path = pathOf(key);
        return pool.with(connection -> blanks.canHold(connection, path)
                        ? FtpNames.find(connection, path)
                        : Optional.<FtpNames.Found>empty())
                .map(found -> new StoredObject(key, found.bytes(), found.modified()));
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
        return pool.with(connection -> FtpWalk.page(connection, prefix, after));
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        String path = pathOf(key);
        pool.with(connection -> {
            if (!blanks.canHold(connection, path)) {
                return false;
            }
            FtpReply reply = connection.delete(path);
            boolean isMissing =
                    reply.isNameRefused() && FtpNames.bytes(connection, path).isEmpty();
            if (!reply.isDone() && !isMissing) {
                throw connection.errors().refused("deletion of " + path, reply);
            }
            return true;
        });
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public void close() {
        pool.close();
    }

    private static String pathOf(ObjectKey key) throws StorageException {
        if (FtpNames.isReserved(key.text())) {
            throw new StorageException.Rejected(
                    Reason.INVALID,
                    key + " lies in a folder that is kept for uploads in flight or the file system",
                    null);
        }
        return key.text();
    }
}
