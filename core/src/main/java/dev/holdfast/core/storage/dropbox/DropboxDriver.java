package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.BadResponseCodeException;
import com.dropbox.core.DbxDownloader;
import com.dropbox.core.DbxException;
import com.dropbox.core.v2.files.DownloadBuilder;
import com.dropbox.core.v2.files.FileMetadata;
import com.dropbox.core.v2.files.Metadata;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Objects as files of a Dropbox account.
 *
 * <ul>
 *   <li>Names are written so that the case Dropbox shows does not matter ({@link DropboxNames}).
 *   <li>{@link PutMode#IF_ABSENT} is Dropbox's write mode "add" with a strict conflict and without renaming, decided when
 *       the file is committed.
 *   <li>A put is committed by its last request, after Dropbox has checked the bytes ({@link DropboxUpload}).
 *   <li>A listing is one page ({@link DropboxListing}).
 *   <li>Dropbox deletes a folder with all in it: only a file, in the revision that was seen, is ever deleted.
 * </ul>
 */
public final class DropboxDriver implements StorageDriver {
    private final DropboxHttp http;
    private final DropboxAccess access;
    private final DropboxRoot root;

    /** Connects at the first call. */
    public DropboxDriver(StorageSpec.Dropbox spec) {
        this(spec, new DropboxHttp());
    }

    /** @param http closed with the driver */
    DropboxDriver(StorageSpec.Dropbox spec, DropboxHttp http) {
        this.http = http;
        this.access = new DropboxAccess(spec, http);
        this.root = new DropboxRoot(access, spec.root());
    }

    /** A verb, with what the SDK throws. */
    @FunctionalInterface
    private interface Action<T> {
        T run() throws DbxException, IOException;
    }

    private static <T> T classified(String what, Action<T> action) throws IOException {
        try {
            return action.run();
        } catch (DbxException e) {
            throw DropboxErrors.of(e, what);
        }
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        String path = path(key);
        classified("put " + key, () -> {
            root.requireOnce();
            if (mode == PutMode.IF_ABSENT
                    && !DropboxUpload.isSingle(body)
                    && find(path).isPresent()) {
                throw new StorageException.Rejected( // the end of the upload would tell, much later
                        Reason.EXISTS,
                        "cannot put " + key + ": an object with this name exists and is not replaced",
                        null);
            }
            new DropboxUpload(access, path, body, mode).run();
            return path;
        });
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        String path = path(key);
        return classified("get " + key, () -> {
            try {
                return Optional.of(
                        download(key, access.call(files -> start(files.downloadBuilder(path), range)), range));
            } catch (BadResponseCodeException e) {
                if (e.getStatusCode() != 416) {
                    throw e;
                }
                return Optional.of(InputStream.nullInputStream());
            } catch (DbxException e) {
                return noFile(e);
            }
        });
    }

    private static DbxDownloader<FileMetadata> start(DownloadBuilder request, ByteRange range) throws DbxException {
        if (!range.isAll()) {
            if (range.isToEnd()) {
                request.range(range.offset());
            } else {
                request.range(range.offset(), range.length());
            }
        }
        return request.start();
    }

    private static InputStream download(ObjectKey key, DbxDownloader<FileMetadata> answer, ByteRange range)
            throws IOException {
        long size = answer.getResult().getSize();
        DropboxHttp.Download in = (DropboxHttp.Download) answer.getInputStream();
        if (range.offset() >= size) {
            in.close();
            return InputStream.nullInputStream();
        }
        if (range.offset() > 0 && !in.isPartial()) {
            in.close();
            throw new StorageException.Corrupt(
                    "cannot get a part of " + key + ": Dropbox sends the whole object instead of the range", null);
        }
        return new DropboxInput(in, Math.min(range.length(), size - range.offset()), key.text());
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        String path = path(key);
        return classified("look at " + key, () -> find(path).map(file -> described(key, file)));
    }

    /** Empty when there is no file, but perhaps a folder. */
    private Optional<FileMetadata> find(String path) throws DbxException, IOException {
        try {
            Metadata found = access.call(files -> files.getMetadata(path));
            return found instanceof FileMetadata file ? Optional.of(file) : Optional.empty();
        } catch (DbxException e) {
            return noFile(e);
        }
    }

    /** Empty when nothing was found in a root that is there. */
    private <T> Optional<T> noFile(DbxException e) throws DbxException, IOException {
        if (!DropboxErrors.isNoFile(e)) {
            throw e;
        }
        root.lowerCase();
        return Optional.empty();
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
        if (after.isPresent()) {
            throw new IllegalArgumentException("a listing has one page");
        }
        List<StoredObject> all =
                classified("list \"" + prefix + "\"", () -> new DropboxListing(access, root, prefix).read());
        return new Page<>(all, Optional.empty());
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        String path = path(key);
        classified("delete " + key, () -> {
            Optional<FileMetadata> file = find(path);
            if (file.isPresent()) {
                delete(path, file.get().getRev());
            }
            return path;
        });
    }

    private void delete(String path, String revision) throws DbxException, IOException {
        try {
            access.call(files -> files.deleteV2(path, revision));
        } catch (DbxException e) {
            if (!DropboxErrors.isNoFile(e)) { // else it has gone meanwhile, as wanted
                throw e;
            }
        }
    }

    private String path(ObjectKey key) throws StorageException {
        return root.path() + DropboxNames.path(key.text());
    }

    /** A key that a put can have made; empty for the file of somebody else. */
    static Optional<ObjectKey> nameable(String key) {
        try {
            return Optional.of(new ObjectKey(key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static StoredObject described(ObjectKey key, FileMetadata file) {
        return new StoredObject(key, file.getSize(), file.getServerModified().toInstant());
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.IF_ABSENT);
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
