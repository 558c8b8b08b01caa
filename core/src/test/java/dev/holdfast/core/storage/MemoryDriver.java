package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in a map, for tests that change every byte of them. */
public final class MemoryDriver implements StorageDriver {
    private final Map<ObjectKey, byte[]> objects = new ConcurrentSkipListMap<>();

    /** Puts below this prefix are done, and then answered as if the connection had been lost. */
    public String loseAnswersOf = "none";

    /** The objects themselves, to look at and to damage. */
    public Map<ObjectKey, byte[]> objects() {
        return objects;
    }

    /** The bytes of an object that is there, not copied. */
    public byte[] bytes(ObjectKey key) {
        return Objects.requireNonNull(objects.get(key));
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        byte[] bytes;
        try (InputStream in = body.open()) {
            bytes = in.readAllBytes();
        }
        if (key.text().startsWith(loseAnswersOf)) {
            objects.put(key, bytes);
            throw new StorageException.Unavailable("the connection was lost", null);
        }
        if (mode == PutMode.REPLACE) {
            objects.put(key, bytes);
        } else if (objects.putIfAbsent(key, bytes) != null) {
            throw new StorageException.Rejected(StorageException.Reason.EXISTS, key + " exists", null);
        }
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) {
        return Optional.ofNullable(objects.get(key)).map(bytes -> {
            int from = (int) Math.min(range.offset(), bytes.length);
            int length = (int) Math.min(range.length(), bytes.length - from);
            return new ByteArrayInputStream(bytes, from, length);
        });
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) {
        return Optional.ofNullable(objects.get(key)).map(bytes -> stored(key, bytes));
    }

    private static StoredObject stored(ObjectKey key, byte[] bytes) {
        return new StoredObject(key, bytes.length, Instant.EPOCH);
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) {
        List<StoredObject> items = objects.entrySet().stream()
                .filter(entry -> entry.getKey().text().startsWith(prefix))
                .map(entry -> stored(entry.getKey(), entry.getValue()))
                .toList();
        return new Page<>(items, Optional.empty());
    }

    @Override
    public void delete(ObjectKey key) {
        objects.remove(key);
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.IF_ABSENT);
    }

    @Override
    public void close() {}
}
