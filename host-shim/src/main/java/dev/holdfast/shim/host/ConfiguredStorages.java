package dev.holdfast.shim.host;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.config.RepositorySettings;
import dev.holdfast.core.config.StorageSettings;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Opens the storages of a configuration. Names mean what the configuration says, also where a storage of that name was added by hand. */
public final class ConfiguredStorages {
    private final Storages storages;
    private final Configuration configuration;

    public ConfiguredStorages(Storages storages, Configuration configuration) {
        this.storages = storages;
        this.configuration = configuration;
    }

    /** Where a repository is. Its secrets are read now. */
    public Storage open(RepositorySettings repository) throws IOException {
        return storages.open(repository.storage(), entry(repository.storage()), repository.prefix());
    }

    /** The same; a folder that is missing is made: for a repository that is to be made only. */
    public Storage openNew(RepositorySettings repository) throws IOException {
        return storages.openNew(repository.storage(), entry(repository.storage()), repository.prefix());
    }

    /** Where a copy is; new objects are locked as the rule says. Its secrets are read now. A folder that is missing is not made. */
    public Storage open(CopyRule copy) throws IOException {
        return storages.openCopy(copy.storage(), entry(copy.storage()), copy.prefix(), copy.lock());
    }

    /**
     * A copy to write to.
     *
     * @param lock put on each new object; empty for none
     */
    public Storage openCopy(CopyRule copy, Optional<ObjectLock> lock) throws IOException {
        return storages.openCopy(copy.storage(), entry(copy.storage()), copy.prefix(), lock);
    }

    /** The same without locks; a folder that is missing is made: when the configuration is taken over, never later. */
    public Storage openNew(CopyRule copy) throws IOException {
        return storages.openNew(copy.storage(), entry(copy.storage()), copy.prefix());
    }

    /**
     * The copy in a storage.
     *
     * @throws IllegalArgumentException when there is none, or several
     */
    public Storage open(String copy) throws IOException {
        List<CopyRule> rules = configuration.services().values().stream()
                .flatMap(service -> service.copies().stream())
                .filter(rule -> rule.storage().equals(copy))
                .toList();
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("the applied configuration has no copy in storage " + copy);
        }
        if (rules.stream().map(CopyRule::prefix).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "the applied configuration has several copies in storage " + copy + ", under different prefixes");
        }
        return open(rules.getFirst());
    }

    /** Throws {@link IllegalArgumentException} for a registered one that is not there. */
    private StorageEntry entry(String name) {
        StorageSettings settings = Optional.ofNullable(configuration.storages().get(name))
                .orElseThrow(() -> new IllegalArgumentException("the configuration has no storage " + name));
        return settings.type().equals(StorageSettings.REGISTERED)
                ? storages.registered(name)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "storage " + name + " is of type registered, but was not added to this host: "
                                        + "holdfast storage add " + name + ", or holdfast storage login"))
                : new StorageEntry(settings.type(), settings.settings(), settings.secrets());
    }
}
