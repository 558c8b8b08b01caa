package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.config.RepositorySettings;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.shim.host.ConfiguredStorages;
import java.io.IOException;
import java.util.Optional;

/** The repositories of a configuration. Their ids are remembered, so that what is due is planned also while a storage is away. */
public final class Repositories {
    private final Catalog catalog;
    private final StorageOpening storages;

    public Repositories(Catalog catalog, StorageOpening storages) {
        this.catalog = catalog;
        this.storages = storages;
    }

    /** Gives the storages of a configuration. */
    @FunctionalInterface
    public interface StorageOpening {
        ConfiguredStorages of(Configuration configuration) throws IOException;
    }

    /** The id of a repository: as it was last seen, or looked up. */
    RepositoryId id(Configuration configuration, String name) throws IOException {
        String note = note(settings(configuration, name));
        Optional<String> known = catalog.note(note);
        if (known.isPresent()) {
            return new RepositoryId(known.get());
        }
        try (OpenRepository open = open(configuration, name)) {
            RepositoryId id = open.repository().descriptor().repository();
            catalog.note(note, id.hex());
            return id;
        }
    }

    private static String note(RepositorySettings settings) {
        return "repository " + settings.storage() + " " + settings.prefix();
    }

    /** Opens a repository. */
    public OpenRepository open(Configuration configuration, String name) throws IOException {
        RepositorySettings settings = settings(configuration, name);
        return found(storages.of(configuration).open(settings))
                .orElseThrow(() -> new IOException("there is no repository in storage " + settings.storage()
                        + (settings.prefix().isEmpty() ? "" : " under " + settings.prefix())
                        + ": holdfast apply makes it"));
    }

    /** Opens a copy; empty when nothing was copied yet. */
    Optional<OpenRepository> open(Configuration configuration, CopyRule copy) throws IOException {
        return found(storages.of(configuration).open(copy));
    }

    private static Optional<OpenRepository> found(Storage storage) throws IOException {
        Optional<Repository> repository;
        try {
            repository = Repository.find(storage);
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
        if (repository.isEmpty()) {
            storage.close();
        }
        return repository.map(OpenRepository::new);
    }

    /** The repository that a run belongs to; empty when the configuration has it no more. */
    Optional<OpenRepository> of(Configuration configuration, Backup backup) throws IOException {
        for (String name : configuration.repositories().keySet()) {
            if (id(configuration, name).equals(backup.repository())) {
                return Optional.of(open(configuration, name));
            }
        }
        return Optional.empty();
    }

    private static RepositorySettings settings(Configuration configuration, String name) {
        return Optional.ofNullable(configuration.repositories().get(name))
                .orElseThrow(() -> new IllegalArgumentException("the configuration has no repository " + name));
    }
}
