package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What callers use to keep objects: a driver with the rules that hold for every provider. */
public final class Storage implements AutoCloseable {
    private final StorageDriver driver;

    public Storage(StorageDriver driver) {
        this.driver = driver;
    }

    /** Stores an object, all or nothing. */
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        driver.put(key, body, mode);
    }

    /** Opens an object or a part of it; empty when there is none. */
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        return driver.get(key, range);
    }

    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        return driver.stat(key);
    }

    /** Every object below a prefix, in order of key, page by page. */
    public List<StoredObject> list(String prefix) throws IOException {
        List<StoredObject> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<StoredObject> page = driver.list(prefix, after);
            all.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    public void delete(ObjectKey key) throws IOException {
        driver.delete(key);
    }

    public Set<Capability> capabilities() {
        return driver.capabilities();
    }

    @Override
    public void close() throws IOException {
        driver.close();
    }
}
