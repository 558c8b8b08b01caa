package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/** A storage that lies, each time about objects below one prefix. */
public final class FaultyDriver implements StorageDriver {
    private final MemoryDriver real;

    /** Puts are answered well, and nothing is stored. */
    public String forgets = "none";

    /** Listings leave them out. */
    public String hides = "none";

    /** Reads end a byte early, without an error. */
    public String shortens = "none";

    /** Puts end the memory of the thread that makes them. */
    public String exhausts = "none";

    public FaultyDriver(MemoryDriver real) {
        this.real = real;
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        if (key.text().startsWith(exhausts)) {
            throw new OutOfMemoryError("Java heap space");
        }
        if (!key.text().startsWith(forgets)) {
            real.put(key, body, mode);
        }
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) {
        if (!key.text().startsWith(shortens)) {
            return real.get(key, range);
        }
        long last = Math.min(range.length(), real.bytes(key).length - range.offset()) - 1;
        return real.get(key, new ByteRange(range.offset(), Math.max(1, last)));
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) {
        return real.stat(key);
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) {
        Page<StoredObject> page = real.list(prefix, after);
        return new Page<>(
                page.items().stream()
                        .filter(object -> !object.key().text().startsWith(hides))
                        .toList(),
                page.next());
    }

    @Override
    public void delete(ObjectKey key) {
        real.delete(key);
    }

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public void close() {
        real.close();
    }
}
