package dev.holdfast.core.storage.sftp;

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
import dev.holdfast.core.storage.sftp.SftpConnection.Extension;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Keeps each object as a file below a folder of an SFTP server. The folder must exist; those below it are made as
 * needed and stay. Modification times are whole seconds of the server's clock.
 *
 * <p>A put writes a part in the hidden folder {@value #PARTS_FOLDER}, has it flushed to disk where the server can
 * ({@code fsync@openssh.com}), and renames it. Servers with {@code posix-rename@openssh.com} replace in one step. On
 * others the old object is moved aside first: for the moment between two renames there is no object under the key, and
 * if we die right then the old bytes are left in the hidden folder, where only a person finds them.
 *
 * <p>{@link PutMode#IF_ABSENT} gives the part its final name by {@code hardlink@openssh.com}, which is link(2) and so
 * fails in one step when the name is taken. Where links cannot be had it is a look, then a rename.
 */
public final class SftpDriver implements StorageDriver {
    static final String PARTS_FOLDER = ".holdfast-parts";

    private static final int PAGE_OBJECTS = 1_000;
    private static final int SUSPENDED_WALKS = 8;

    /** Parts this much older than the newest one belong to nobody any more. */
    private static final long STALE_PART_SECONDS = 7L * 24 * 60 * 60;

    private final ConnectionPool pool;
    private final String root;
    private final String shownRoot;

    /** Folders that are known to exist, as paths on the server. */
    private final Set<String> folders = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean swept = new AtomicBoolean();

    /** Walks that wait for the request of their next page, by prefix and last key: the oldest is forgotten first. */
    private final Map<Place, FolderWalk> suspended = new LinkedHashMap<>();

    /** Held while an object is replaced in more than one step, so that our own threads do not meet half way. */
    private final Object replacing = new Object();

    private volatile Optional<Set<Capability>> capabilities = Optional.empty();

    private record Place(String prefix, String lastKey) {}

    /** Connects at the first call. */
    public SftpDriver(StorageSpec.Sftp site) {
        this.pool = new ConnectionPool(new Connector(site), site.connections());
        this.root = site.root().equals("/") ? "" : site.root().replaceFirst("(?<=.)/+$", "");
        this.shownRoot = site.root() + " on " + site.host();
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        if (key.text().equals(PARTS_FOLDER) || key.text().startsWith(PARTS_FOLDER + "/")) {
            throw new StorageException.Rejected(Reason.INVALID, "keys below " + PARTS_FOLDER + " are reserved", null);
        }
        String what = "put " + key;
        String part = partPath();
        // The first requests may be repeated on a fresh connection; once bytes flow a failure is the caller's to retry.
        Opened opened = pool.run(what, lease -> {
            SftpConnection connection = lease.connection();
            if (mode == PutMode.IF_ABSENT && connection.stat(path(key)).isPresent()) {
                throw exists(key);
            }
            byte[] handle = openPart(connection, part, body.bytes());
            if (swept.compareAndSet(false, true)) {
                sweep(connection);
            }
            return new Opened(lease.keep(), handle);
        });
        try (ConnectionPool.Lease lease = opened.lease) {
            upload(lease.connection(), opened.handle, part, key, body, mode);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // a pair for a moment, never compared
    private record Opened(ConnectionPool.Lease lease, byte[] handle) {}

    private void upload(SftpConnection connection, byte[] handle, String part, ObjectKey key, Body body, PutMode mode)
            throws IOException {
        boolean open = true;
        try {
            new PartUpload(connection, handle).send(body);
            if (connection.speaks(Extension.FSYNC)) {
                connection.flush(handle);
            }
            open = false;
            connection.close(handle);
            publish(connection, part, key, mode);
        } catch (SFTPException e) {
            StorageException failure = classified(connection, e, "put " + key, body.bytes());
            discard(connection, open, handle, part, failure);
            throw failure;
        } catch (IOException | RuntimeException e) {
            discard(connection, open, handle, part, e);
            throw e;
        }
    }

    /** Removes the part of a put that failed; where that fails too, the sweep will find it. */
    private void discard(SftpConnection connection, boolean open, byte[] handle, String part, Exception why) {
        try {
            if (connection.isUsable()) {
                if (open) {
                    connection.close(handle);
                }
                connection.remove(part);
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private byte[] openPart(SftpConnection connection, String part, long bytes) throws IOException {
        Set<OpenMode> fresh = EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL);
        try {
            makeFolder(connection, part, bytes);
            return connection.open(part, fresh);
        } catch (SFTPException e) {
            if (!SftpConnection.isAbsent(e)) {
                throw classified(connection, e, "open a part", bytes);
            }
        }
        folders.clear(); // somebody removed what we remembered
        makeFolder(connection, part, bytes);
        return connection.open(part, fresh);
    }

    /** Makes the folder of a path and those above it, down from the root, which must be there. */
    private void makeFolder(SftpConnection connection, String path, long bytes) throws IOException {
        String folder = path.substring(0, path.lastIndexOf('/'));
        if (folder.equals(root) || folders.contains(folder)) {
            return;
        }
        if (folders.isEmpty()) {
            requireRoot(connection);
        }
        makeFolder(connection, folder, bytes);
        try {
            connection.makeFolder(folder);
        } catch (SFTPException e) {
            Optional<FileAttributes> there = connection.stat(folder);
            if (there.isEmpty()) {
                throw classified(connection, e, "make folder " + folder, bytes);
            }
            if (there.get().getType() != FileMode.Type.DIRECTORY) {
                throw new StorageException.Rejected(
                        Reason.INVALID, folder + " is a file, so no key can be below it", e);
            }
        }
        folders.add(folder);
    }

    private StorageException classified(SftpConnection connection, SFTPException e, String what, long bytes)
            throws IOException {
        return full(connection, e, bytes) ? SftpErrors.full(e, what) : SftpErrors.of(e, what);
    }

    /** OpenSSH answers a full disk with "Failure" alone; the space that is left tells it from other trouble. */
    private boolean full(SftpConnection connection, SFTPException e, long bytes) throws IOException {
        return e.getStatusCode() == StatusCode.FAILURE
                && connection.isUsable()
                && connection.speaks(Extension.FREE_SPACE)
                && connection.freeBytes(here()) < Math.max(bytes, 1);
    }

    private void publish(SftpConnection connection, String part, ObjectKey key, PutMode mode) throws IOException {
        String target = path(key);
        makeFolder(connection, target, 0);
        try {
            place(connection, part, key, mode);
        } catch (SFTPException e) {
            if (!SftpConnection.isAbsent(e)) {
                throw e;
            }
            folders.clear(); // somebody removed the folder meanwhile
            makeFolder(connection, target, 0);
            place(connection, part, key, mode);
        }
    }

    private void place(SftpConnection connection, String part, ObjectKey key, PutMode mode) throws IOException {
        try {
            switch (mode) {
                case REPLACE -> replace(connection, part, path(key));
                case IF_ABSENT -> create(connection, part, key);
            }
        } catch (SFTPException e) {
            if (isFolder(connection.stat(path(key)))) {
                throw new StorageException.Rejected(Reason.INVALID, key + " is a folder there, with objects below", e);
            }
            throw e;
        }
    }

    private void replace(SftpConnection connection, String part, String target) throws IOException {
        if (connection.speaks(Extension.POSIX_RENAME)) {
            connection.replace(part, target);
            return;
        }
        synchronized (replacing) {
            replaceInSteps(connection, part, target);
        }
    }

    private void replaceInSteps(SftpConnection connection, String part, String target) throws IOException {
        Optional<FileAttributes> old = connection.stat(target);
        if (old.isEmpty() || isFolder(old)) {
            connection.rename(part, target);
            return;
        }
        String aside = partPath();
        connection.rename(target, aside);
        try {
            connection.rename(part, target);
        } catch (IOException e) {
            if (connection.isUsable()) {
                connection.rename(aside, target);
            }
            throw e;
        }
        connection.remove(aside);
    }

    private void create(SftpConnection connection, String part, ObjectKey key) throws IOException {
        String target = path(key);
        try {
            if (connection.speaks(Extension.HARD_LINK) && link(connection, part, target)) {
                connection.remove(part);
            } else {
                connection.rename(part, target);
            }
        } catch (SFTPException e) {
            Optional<FileAttributes> there = connection.stat(target);
            if (there.isPresent() && !isFolder(there)) {
                throw exists(key);
            }
            throw e;
        }
    }

    /** Links, or tells that this file system has no links; a name that is taken is a failure. */
    private static boolean link(SftpConnection connection, String part, String target) throws IOException {
        try {
            connection.link(part, target);
            return true;
        } catch (SFTPException e) {
            if (SftpConnection.isAbsent(e) || connection.stat(target).isPresent()) {
                throw e;
            }
            return false;
        }
    }

    private static StorageException exists(ObjectKey key) {
        return new StorageException.Rejected(Reason.EXISTS, key + " exists already", null);
    }

    /** Removes parts that a process which died has left, judged by the server's own clock: a part of ours is there. */
    private void sweep(SftpConnection connection) throws IOException {
        List<SftpConnection.Name> parts = connection.names(under(PARTS_FOLDER));
        long newest = parts.stream()
                .mapToLong(part -> part.attributes().getMtime())
                .max()
                .orElse(0);
        for (SftpConnection.Name part : parts) {
            if (part.attributes().getMtime() < newest - STALE_PART_SECONDS) {
                removeStale(connection, under(PARTS_FOLDER) + "/" + part.text());
            }
        }
    }

    private static void removeStale(SftpConnection connection, String part) throws IOException {
        try {
            connection.remove(part);
        } catch (SFTPException e) {
            if (!SftpConnection.isAbsent(e) && e.getStatusCode() != StatusCode.PERMISSION_DENIED) {
                throw e; // absent: another process sweeps as well; denied: the part is another user's to remove
            }
        }
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        String what = "get " + key;
        return pool.run(what, lease -> {
            SftpConnection connection = lease.connection();
            byte[] handle;
            try {
                handle = connection.open(path(key), EnumSet.of(OpenMode.READ));
            } catch (SFTPException e) {
                if (SftpConnection.isAbsent(e) || isFolder(connection.stat(path(key)))) {
                    requireRoot(connection);
                    return Optional.empty();
                }
                throw e;
            }
            FileAttributes attributes = connection.stat(handle);
            if (attributes.getType() == FileMode.Type.DIRECTORY) {
                connection.close(handle);
                return Optional.empty();
            }
            long size = attributes.getSize();
            long start = Math.min(range.offset(), size);
            long end = start + Math.min(range.length(), size - start);
            return Optional.of(new RangeInput(lease.keep(), handle, start, end, what));
        });
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        return pool.run("look at " + key, lease -> {
            Optional<FileAttributes> attributes = lease.connection().stat(path(key));
            if (attributes.isEmpty()) {
                requireRoot(lease.connection());
            }
            return attributes
                    .filter(there -> !isFolder(Optional.of(there)))
                    .map(file -> new StoredObject(key, file.getSize(), Instant.ofEpochSecond(file.getMtime())));
        });
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
        String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        if (!folder.isEmpty() && !isKey(folder.substring(0, folder.length() - 1))) {
            return new Page<>(List.of(), Optional.empty()); // "..", "//": no key begins like this
        }
        FolderWalk walk = resume(prefix, after);
        List<StoredObject> objects = new ArrayList<>();
        while (objects.size() < PAGE_OBJECTS) {
            Optional<StoredObject> object = walk.next();
            if (object.isEmpty()) {
                return new Page<>(objects, Optional.empty());
            }
            objects.add(object.get());
        }
        String last = objects.getLast().key().text();
        suspend(new Place(prefix, last), walk);
        return new Page<>(objects, Optional.of(last));
    }

    private FolderWalk resume(String prefix, Optional<String> after) throws IOException {
        if (after.isPresent()) {
            synchronized (suspended) {
                FolderWalk walk = suspended.remove(new Place(prefix, after.get()));
                if (walk != null) {
                    return walk;
                }
            }
        }
        return new FolderWalk(this::names, prefix, after);
    }

    private void suspend(Place place, FolderWalk walk) {
        synchronized (suspended) {
            suspended.put(place, walk);
            if (suspended.size() > SUSPENDED_WALKS) {
                suspended.remove(suspended.keySet().iterator().next());
            }
        }
    }

    private List<SftpConnection.Name> names(String folder) throws IOException {
        return pool.run("list " + (folder.isEmpty() ? shownRoot : folder), lease -> {
            SftpConnection connection = lease.connection();
            String path = folder.isEmpty() ? here() : under(folder.substring(0, folder.length() - 1));
            try {
                return connection.names(path);
            } catch (SFTPException e) {
                Optional<FileAttributes> there = connection.stat(path);
                if (there.isPresent() && isFolder(there)) {
                    throw e;
                }
                requireRoot(connection);
                return List.of();
            }
        });
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        pool.run("delete " + key, lease -> {
            SftpConnection connection = lease.connection();
            try {
                connection.remove(path(key));
            } catch (SFTPException e) {
                Optional<FileAttributes> there = connection.stat(path(key));
                if (there.isPresent() && !isFolder(there)) {
                    throw e;
                }
                requireRoot(connection);
            }
            return key;
        });
    }

    /**
     * {@link Capability#IF_ABSENT} when the server makes hard links in the root and refuses the second one of a name,
     * which is tried out once. Nothing can be promised for a server that cannot be reached or where we may not write.
     */
    @Override
    public Set<Capability> capabilities() {
        if (capabilities.isEmpty()) {
            try {
                capabilities = Optional.of(pool.run("try a link", lease -> tryLinks(lease.connection())));
            } catch (IOException e) {
                return Set.of(); // not remembered: the next call asks again, and any other call tells the trouble
            }
        }
        return capabilities.get();
    }

    private Set<Capability> tryLinks(SftpConnection connection) throws IOException {
        if (!connection.speaks(Extension.HARD_LINK)) {
            return Set.of();
        }
        String part = partPath();
        String link = partPath();
        connection.close(openPart(connection, part, 0));
        try {
            if (!link(connection, part, link)) {
                return Set.of();
            }
            try {
                connection.link(part, link);
                return Set.of();
            } catch (SFTPException refused) {
                return Set.of(Capability.IF_ABSENT); // the answer we hoped for
            } finally {
                connection.remove(link);
            }
        } finally {
            connection.remove(part);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private void requireRoot(SftpConnection connection) throws IOException {
        Optional<FileAttributes> attributes = connection.stat(here());
        if (!isFolder(attributes)) {
            throw new StorageException.Rejected(
                    Reason.NO_ROOT,
                    "folder " + shownRoot + (attributes.isEmpty() ? " is missing" : " is not a folder")
                            + "; make it, or correct the storage's root",
                    null);
        }
    }

    private static boolean isFolder(Optional<FileAttributes> attributes) {
        return attributes.isPresent() && attributes.get().getType() == FileMode.Type.DIRECTORY;
    }

    static boolean isKey(String text) {
        try {
            return !new ObjectKey(text).text().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String partPath() {
        return under(PARTS_FOLDER) + "/" + UUID.randomUUID();
    }

    private String path(ObjectKey key) {
        return under(key.text());
    }

    private String under(String name) {
        return root + "/" + name;
    }

    private String here() {
        return root.isEmpty() ? "/" : root;
    }
}
