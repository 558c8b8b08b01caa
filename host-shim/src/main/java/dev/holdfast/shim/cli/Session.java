package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.WrongKeyException;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.pipeline.ReplicatePipeline;
import dev.holdfast.core.repository.CopyMark;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.shim.host.ConfiguredStorages;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.SecretFile;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One command at work on one repository: where things are wired together. */
final class Session implements AutoCloseable {
    private final SecureRandom random = new SecureRandom();
    private final HostHome home;
    private final List<Path> identityFiles;
    private final String place;
    private final Storage storage;

    private Session(HostHome home, List<Path> identityFiles, String place, Storage storage) {
        this.home = home;
        this.identityFiles = List.copyOf(identityFiles);
        this.place = place;
        this.storage = storage;
    }

    static Session open(CommonOptions options) throws IOException {
        HostHome home = home();
        if (options.from().isPresent()) {
            String copy = options.from().get();
            Storage storage = new ConfiguredStorages(Storages.of(home, System.getenv()), ConfigurationInput.required())
                    .open(copy);
            return new Session(home, options.identities(), copy, storage);
        }
        Storages storages = storages(home, options);
        return new Session(home, options.identities(), place(storages, options), storages.open(options.storage()));
    }

    /** The same for a repository that is to be made. */
    static Session openNew(CommonOptions options) throws IOException {
        HostHome home = home();
        Storages storages = storages(home, options);
        return new Session(home, options.identities(), place(storages, options), storages.openNew(options.storage()));
    }

    /** For one repository of the configuration, with the keys of this host. */
    static Session of(HostHome home, String place, Storage storage) {
        return new Session(home, List.of(), place, storage);
    }

    private static Storages storages(HostHome home, CommonOptions options) throws IOException {
        Storages storages = Storages.of(home, System.getenv());
        storages.doubt(options.storage()).ifPresent(options.console()::warn);
        return storages;
    }

    private static String place(Storages storages, CommonOptions options) {
        return options.storage().or(storages::defaultName).map(storages::place).orElse("");
    }

    static HostHome home() {
        return HostHome.of(
                System.getenv(),
                System.getProperty("user.name"),
                Path.of(System.getProperty("user.home")),
                new SecureRandom());
    }

    HostHome homeFolder() {
        return home;
    }

    SecureRandom random() {
        return random;
    }

    Storage storage() {
        return storage;
    }

    Repository repository() throws IOException {
        return Repository.find(storage)
                .orElseThrow(() ->
                        new NotFoundException("there is no repository in this storage; make one with: holdfast init"));
    }

    /** The identities given, or else those kept on this host. */
    List<Identity> identities() throws IOException {
        List<Identity> identities = new ArrayList<>();
        for (Path file : identityFiles) {
            try {
                identities.addAll(Identity.parseFile(SecretFile.read(file)));
            } catch (NoSuchFileException e) {
                throw new NotFoundException("key file " + file + " is not there");
            }
        }
        return identityFiles.isEmpty() ? home.identities() : identities;
    }

    /** The repository secret: from this host, or opened with an identity that was given. */
    RepositorySecret secret(Repository repository) throws IOException {
        return knownSecret(repository)
                .orElseThrow(() -> new WrongKeyException("this host does not know repository "
                        + repository.descriptor().repository()
                        + ", and no key was given: give one with --identity FILE"));
    }

    /**
     * The repository secret if it can be had; empty when this host does not know the repository and no identity was given. Identities kept on
     * this host do not count for a repository it does not know: whoever writes to the storage can put another one there that is sealed to
     * our public key, and to theirs.
     */
    Optional<RepositorySecret> knownSecret(Repository repository) throws IOException {
        return identityFiles.isEmpty() ? keptSecret(repository) : Optional.of(repository.unlock(identities()));
    }

    /** The secret of a repository that this host made or joined, which is all it may write to. */
    RepositorySecret secretForWriting(Repository repository) throws IOException {
        return keptSecret(repository)
                .orElseThrow(
                        () -> new WrongKeyException(
                                "this host does not know repository "
                                        + repository.descriptor().repository()
                                        + ": if it is yours, and was not put there by someone else, join it with: holdfast init --join --identity FILE"));
    }

    private Optional<RepositorySecret> keptSecret(Repository repository) throws IOException {
        Optional<RepositorySecret> kept = home.secret(repository.descriptor().repository());
        if (kept.isPresent()) {
            repository.verified(kept.get());
        }
        return kept;
    }

    Catalog catalog() throws IOException {
        return home.catalog();
    }

    /** Takes the lease that keeps removals of a source apart from its backups; in a copy, from what is copied into it. */
    Lease lease(Catalog catalog, Repository repository, SourceName source) throws IOException {
        RepositoryId id = repository.descriptor().repository();
        return catalog.acquire(
                CopyMark.isCopy(storage) ? ReplicatePipeline.resource(id, place) : RecordedBackup.resource(id, source),
                home.owner(),
                RecordedBackup.timeToLive());
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
