package dev.holdfast.core.storage.prefix;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.HiddenVersion;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/** The objects of another driver whose keys begin with a prefix, under the rest of their keys. Failures name the whole key. */
public final class PrefixedDriver implements StorageDriver {
    private final StorageDriver whole;
    private final String prefix;

    /**
     * Below a prefix.
     *
     * @param whole closed with this one
     * @param prefix such as {@code app-a/}: what could be the beginning of a key, with a slash at its end
     */
    public PrefixedDriver(StorageDriver whole, String prefix) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix \"" + prefix + "\" needs a slash at its end");
        }
        new ObjectKey(prefix.substring(0, prefix.length() - 1)); // throws for what no key can begin with
        this.whole = whole;
        this.prefix = prefix;
    }

    private ObjectKey full(ObjectKey key) throws StorageException {
        try {
            return new ObjectKey(prefix + key);
        } catch (IllegalArgumentException e) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    "key " + key + " is too long below the prefix " + prefix + "; shorten the prefix",
                    e);
        }
    }

    private ObjectKey rest(ObjectKey full) {
        return new ObjectKey(full.text().substring(prefix.length()));
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        whole.put(full(key), body, mode);
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        return whole.get(full(key), range);
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        return whole.stat(full(key)).map(object -> new StoredObject(key, object.bytes(), object.modified()));
    }

    @Override
    public Page<StoredObject> list(String below, Optional<String> after) throws IOException {
        Page<StoredObject> page = whole.list(prefix + below, after);
        return new Page<>(
                page.items().stream()
                        .map(object -> new StoredObject(rest(object.key()), object.bytes(), object.modified()))
                        .toList(),
                page.next());
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        whole.delete(full(key));
    }

    @Override
    public Optional<HeldLock> lock(ObjectKey key) throws IOException {
        return whole.lock(full(key));
    }

    @Override
    public void extendLock(ObjectKey key, HeldLock lock) throws IOException {
        whole.extendLock(full(key), lock);
    }

    @Override
    public Page<HiddenVersion> listHidden(String below, Optional<String> after) throws IOException {
        Page<HiddenVersion> page = whole.listHidden(prefix + below, after);
        return new Page<>(
                page.items().stream()
                        .map(hidden -> hidden.under(rest(hidden.key())))
                        .toList(),
                page.next());
    }

    @Override
    public Set<Capability> capabilities() {
        return whole.capabilities();
    }

    @Override
    public void close() throws IOException {
        whole.close();
    }
}
