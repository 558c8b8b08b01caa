package dev.holdfast.shim.service;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.StorageSettings;
import dev.holdfast.core.config.StorageTypes;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Opens the storages that a configuration names. Their secrets are read at each opening, and kept nowhere. */
public final class ServiceStorages {
    private final Storages secrets;

    public ServiceStorages(Storages secrets) {
        this.secrets = secrets;
    }

    /** Opens the part of a storage below a prefix; an empty one means the whole. */
    public Storage open(Configuration configuration, String name, String prefix) throws IOException {
        StorageSettings settings = settings(configuration, name);
        return open(settings, spec(name, settings), prefix);
    }

    /**
     * The same for a repository or copy that may not be there yet: a folder that is missing is made.
     *
     * @param lock put on each new object; empty for none
     */
    public Storage openNew(Configuration configuration, String name, String prefix, Optional<ObjectLock> lock)
            throws IOException {
        StorageSettings settings = settings(configuration, name);
        StorageSpec spec = spec(name, settings);
        if (spec instanceof StorageSpec.Local local) {
            Files.createDirectories(local.root());
        }
        if (lock.isPresent()) {
            spec = locked(name, spec, lock.get());
        }
        return open(settings, spec, prefix);
    }

    private static StorageSpec locked(String name, StorageSpec spec, ObjectLock lock) {
        if (spec instanceof StorageSpec.S3 bucket) {
            return bucket.withLock(lock);
        }
        throw new IllegalArgumentException("storage " + name
                + " cannot lock objects against deletion: a copy there is not immutable; take immutable away, or use a bucket with Object Lock");
    }

    private static Storage open(StorageSettings settings, StorageSpec spec, String prefix) throws IOException {
        return new Storage(Providers.open(spec, prefix), StorageTypes.options(settings.settings()));
    }

    private static StorageSettings settings(Configuration configuration, String name) {
        return Optional.ofNullable(configuration.storages().get(name))
                .orElseThrow(() -> new IllegalArgumentException("the configuration has no storage " + name));
    }

    private StorageSpec spec(String name, StorageSettings settings) throws IOException {
        Map<String, Secret> opened = new LinkedHashMap<>();
        for (Map.Entry<String, String> secret : settings.secrets().entrySet()) {
            opened.put(secret.getKey(), secrets.reveal(name, secret.getKey(), secret.getValue()));
        }
        return StorageTypes.spec(settings.type(), settings.settings(), opened);
    }
}
