package dev.holdfast.shim.cli;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.SecretFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes repositories. Keys are kept before there is one: what dies in between leaves keys that open nothing, never a repository that no key opens. */
final class RepositoryMaker {
    private final HostHome home;
    private final SecureRandom random;

    RepositoryMaker(HostHome home, SecureRandom random) {
        this.home = home;
        this.random = random;
    }

    /** @param keyFile of the identity that was made for it; empty when it is sealed to recipients that were given */
    record Made(Repository repository, Optional<Path> keyFile) {
        /** For people. */
        void say(Console console) {
            Descriptor descriptor = repository.descriptor();
            console.say("repository " + descriptor.repository() + " is ready");
            for (Descriptor.Sealed recipient : descriptor.recipients()) {
                console.say("  sealed to "
                        + recipient
                                .publicText()
                                .orElse("master key " + recipient.secret().recipientId()));
            }
            keyFile.ifPresent(file -> console.say("  its key is " + file
                    + "\n  Copy that file to a safe place off this machine: without it nobody opens the backups."));
        }
    }

    /**
     * Makes one in an empty storage.
     *
     * @param recipients whom it is sealed to; when there are none an identity is made and kept on this host
     */
    Made make(Storage storage, Chunking method, List<Recipient> recipients) throws IOException {
        List<Recipient> sealedTo = new ArrayList<>(recipients);
        Optional<X25519Identity> made =
                sealedTo.isEmpty() ? Optional.of(X25519Identity.generate(random)) : Optional.empty();
        made.ifPresent(identity -> sealedTo.add(identity.recipient()));
        RepositorySecret secret = RepositorySecret.generate(random);
        RepositoryId id = RepositoryId.generate(random);
        Optional<Path> keyFile = keep(id, secret, made);
        try {
            Repository repository = Repository.create(
                    storage,
                    id,
                    secret,
                    method,
                    sealedTo,
                    new Descriptor.Host(HostHome.hostName(), home.hostKey().publicHalf()),
                    Instant.now(),
                    random);
            return new Made(repository, keyFile);
        } catch (StorageException.Rejected | StorageException.Denied | FormatException e) {
            home.drop(id); // certainly not made; after any other failure it may be there, so its keys are kept
            throw e;
        }
    }

    private Optional<Path> keep(RepositoryId id, RepositorySecret secret, Optional<X25519Identity> made)
            throws IOException {
        Optional<Path> keyFile = Optional.empty();
        if (made.isPresent()) {
            Path file = home.identityFile(id);
            SecretFile.create(file, KeyCommand.fileText(made.get()));
            keyFile = Optional.of(file);
        }
        home.keepSecret(id, secret);
        return keyFile;
    }
}
