package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/** A storage in which something happens before or after each call. */
public final class HookedDriver implements StorageDriver {
    private final StorageDriver real;

    /** Called before each call has an effect. */
    public volatile Hook before = (verb, key) -> {};

    /** Called when a call has had its effect: to throw here loses its answer. */
    public volatile Hook after = (verb, key) -> {};

    /** What happens. */
    @FunctionalInterface
    public interface Hook {
        void at(String verb, String key) throws IOException;
    }

    public HookedDriver(StorageDriver real) {
        this.real = real;
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        before.at("put", key.text());
        real.put(key, body, mode);
        after.at("put", key.text());
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        before.at("get", key.text());
        Optional<InputStream> in = real.get(key, range);
        after.at("get", key.text());
        return in;
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        before.at("stat", key.text());
        Optional<StoredObject> object = real.stat(key);
        after.at("stat", key.text());
        return object;
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> next) throws IOException {
        before.at("list", prefix);
        Page<StoredObject> page = real.list(prefix, next);
        after.at("list", prefix);
        return page;
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        before.at("delete", key.text());
        real.delete(key);
        after.at("delete", key.text());
    }

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
