package dev.holdfast.core.storage.gdrive;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
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
 * Objects in a folder of a Google Drive: the parts of a key are folders, the last one a file. Drive lets several files
 * have one name; of those the one that was made first has the key ({@link DriveEntry#FIRST_MADE}), at every host. A put
 * that replaces gives that file new content, so that there is no moment without an object. A put that made a file looks
 * again: has another host made one before it, the body goes into that one and the new file is removed.
 */
public final class GoogleDriveDriver implements StorageDriver {
    private final HttpTransport transport;
    private final DriveErrors errors;
    private final DriveCalls calls;
    private final DriveFolders folders;
    private final DriveObjects objects;

    public GoogleDriveDriver(StorageSpec.GoogleDrive settings) {
        this(settings, DriveCalls.GOOGLE);
    }

    GoogleDriveDriver(StorageSpec.GoogleDrive settings, DriveCalls.Endpoints endpoints) {
        this.transport = DriveClients.transport();
        this.errors = new DriveErrors(settings);
        DriveLogin login = new DriveLogin(settings.login(), endpoints.tokens(), transport, errors);
        this.calls = new DriveCalls(endpoints, transport, login, errors);
        this.folders = new DriveFolders(calls, settings.root(), System::nanoTime);
        this.objects = new DriveObjects(calls, folders);
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        if (stored(key, body, mode)) {
            return;
        }
        // the folder or the file was removed by others since it was found: once more from the root
        folders.forget();
        objects.forget(key);
        if (!stored(key, body, mode)) {
            throw new StorageException.Unavailable(
                    "cannot put " + key + ": its folder is being removed by others; try again", null);
        }
    }

    /** Whether it could be stored where we thought it belongs. */
    private boolean stored(ObjectKey key, Body body, PutMode mode) throws IOException {
        String action = "put " + key;
        Optional<DriveFolder> folder = folders.make(DriveObjects.folderOf(key));
        if (folder.isEmpty()) {
            return false;
        }
        Optional<List<DriveEntry>> there = objects.recent(key, action).map(List::of);
        if (there.isEmpty()) {
            there = objects.in(folder.get(), key, action);
        }
        return there.isPresent()
                && (there.get().isEmpty()
                        ? created(key, folder.get(), body, mode)
                        : replaced(key, there.get(), body, mode));
    }

    /** @param there the files with the key's name, the one that has it in front */
    private boolean replaced(ObjectKey key, List<DriveEntry> there, Body body, PutMode mode) throws IOException {
        String action = "put " + key;

        if (mode == PutMode.IF_ABSENT) {
            throw exists(key);
        }
        Optional<DriveEntry> updated =
                new DriveUpload(calls, action, body).update(there.getFirst().id());
        if (updated.isEmpty()) {
            return false;
        }
        objects.remember(key, updated.get().id());
        for (DriveEntry other : there.subList(1, there.size())) {
            calls.delete(other.id(), action);
        }
        return true;
    }

    private boolean created(ObjectKey key, DriveFolder folder, Body body, PutMode mode) throws IOException {
        String action = "put " + key;
        Optional<DriveEntry> made = new DriveUpload(calls, action, body).create(folder.first(), key.name());
        if (made.isEmpty()) {
            return false;
        }
        DriveEntry own = made.get();
        List<DriveEntry> others = objects.in(folder, key, action).orElse(List.of()).stream()
                .filter(entry -> !entry.id().equals(own.id()))
                .toList();
        if (others.isEmpty() || DriveEntry.FIRST_MADE.compare(own, others.getFirst()) < 0) {
            objects.remember(key, own.id());
            for (DriveEntry other : others) {
                calls.delete(other.id(), action);
            }
            return true;
        }
        if (mode == PutMode.IF_ABSENT) {
            calls.delete(own.id(), action);
            throw exists(key);
        }
        String first = others.getFirst().id();
        boolean updated = new DriveUpload(calls, action, body).update(first).isPresent();
        calls.delete(own.id(), action);
        if (updated) {
            objects.remember(key, first);
        }
        return updated;
    }

    private static StorageException.Rejected exists(ObjectKey key) {
        return new StorageException.Rejected(
                Reason.EXISTS, "cannot put " + key + ": an object with this name exists and is not replaced", null);
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        String action = "get " + key;
        Optional<DriveEntry> entry = objects.find(key, action);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(opened(key, calls.open(entry.get().id(), range), range));
        } catch (IOException e) {
            if (DriveErrors.isAfterEnd(e)) {
                return Optional.of(InputStream.nullInputStream());
            }
            if (DriveErrors.isNotFound(e)) {
                objects.forget(key);
            }
            throw errors.of(e, action);
        }
    }

    private InputStream opened(ObjectKey key, HttpResponse response, ByteRange range) throws IOException {
        Long announced = response.getHeaders().getContentLength();
        String part = response.getHeaders().getContentRange();
        boolean asked = range.offset() == 0 || (part != null && part.startsWith("bytes " + range.offset() + "-"));
        if (announced == null || !asked) {
            response.disconnect();
            throw new StorageException.Corrupt(
                    "cannot get " + key
                            + ": Google Drive does not answer with the range and length that were asked for",
                    null);
        }
        return new DriveInput(response, announced, range.length(), key.text(), errors);
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        return objects.find(key, "look at " + key).map(entry -> new StoredObject(key, entry.bytes(), entry.modified()));
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
        folders.forget(); // a listing tells what is there now
        String folder = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
        return DriveWalk.page(calls, folders.find(folder), prefix, after);
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        String action = "remove " + key;
        Optional<DriveEntry> own = objects.recent(key, action);
        // the one that has the key goes last, so that no older content comes to light meanwhile
        for (DriveEntry entry : objects.all(key, action).reversed()) {
            calls.delete(entry.id(), action);
        }
        if (own.isPresent()) {
            calls.delete(own.get().id(), action);
        }
        objects.forget(key);
    }

    /** None: two files of one name are allowed, so nobody decides between two puts at the same moment. */
    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public void close() throws IOException {
        transport.shutdown();
    }
}
