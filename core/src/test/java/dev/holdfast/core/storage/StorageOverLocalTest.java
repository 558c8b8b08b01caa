package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Storage} adds changes nothing of what a driver promises: the contract, asked through it. */
class StorageOverLocalTest extends StorageContract {
    @TempDir
    Path root;

    @Override
    protected StorageDriver open() throws IOException {
        return new Through(new Storage(new LocalDriver(root), StorageOptions.DEFAULT.with(RateLimit.parse("2GB/s"))));
    }

    @Override
    protected int manyKeys() {
        return 2_500;
    }

    private record Through(Storage storage) implements StorageDriver {
        @Override
        public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
            storage.put(key, body, mode);
        }

        @Override
        public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
            return storage.get(key, range);
        }

        @Override
        public Optional<StoredObject> stat(ObjectKey key) throws IOException {
            return storage.stat(key);
        }

        @Override
        public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
            List<StoredObject> all = storage.list(prefix).stream()
                    .filter(object -> object.key().text().compareTo(after.orElse("")) > 0)
                    .toList();
            return new Page<>(all, Optional.empty());
        }

        @Override
        public void delete(ObjectKey key) throws IOException {
            storage.delete(key);
        }

        @Override
        public Set<Capability> capabilities() {
            return storage.capabilities();
        }

        @Override
        public void close() throws IOException {
            storage.close();
        }
    }
}
