package dev.holdfast.shim.cli;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.SecretFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes a repository in an empty storage.",
            "",
            "Without --recipient or a master key, an identity is made and kept on this host: copy it to a safe place, because nothing else opens the backups."
        })
final class InitCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(
            names = {"-r", "--recipient"},
            paramLabel = "RECIPIENT",
            description = "public key (holdfast-recipient-x25519:...) that backups are sealed to; may be repeated")
    private List<String> recipients = new ArrayList<>();

    @Option(names = "--chunking", paramLabel = "METHOD", description = "content-defined (default) or fixed")
    private String chunking = Chunking.CONTENT_DEFINED.label();

    @Option(
            names = "--join",
            description =
                    "make none, but let this host write to the one that is there; needs --identity. Look at the id it prints: it must be yours")
    private boolean join;

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        if (join) {
            return join(console);
        }
        Chunking method = Chunking.of(chunking);
        List<Recipient> sealedTo = new ArrayList<>();
        recipients.forEach(text -> sealedTo.add(Recipient.parse(text)));
        try (Session session = Session.openNew(options)) {
            List<Identity> given = options.identities().isEmpty() ? List.of() : session.identities();
            given.stream()
                    .filter(identity -> identity instanceof MasterKey)
                    .forEach(identity -> sealedTo.add(identity.recipient()));
            Optional<X25519Identity> made =
                    sealedTo.isEmpty() ? Optional.of(X25519Identity.generate(session.random())) : Optional.empty();
            made.ifPresent(identity -> sealedTo.add(identity.recipient()));
            RepositorySecret secret = RepositorySecret.generate(session.random());
            RepositoryId id = RepositoryId.generate(session.random());
            Optional<Path> keptAs = keep(session.homeFolder(), id, secret, made);
            tell(console, create(session, id, secret, method, sealedTo), keptAs);
        }
        return ExitCode.DONE;
    }

    /** Before there is a repository: what dies in between leaves keys that open nothing, never a repository that no key opens. */
    private static Optional<Path> keep(
            HostHome home, RepositoryId id, RepositorySecret secret, Optional<X25519Identity> made) throws IOException {
        Optional<Path> keptAs = Optional.empty();
        if (made.isPresent()) {
            Path file = home.identityFile(id);
            SecretFile.create(file, KeyCommand.fileText(made.get()));
            keptAs = Optional.of(file);
        }
        home.keepSecret(id, secret);
        return keptAs;
    }

    private static Repository create(
            Session session, RepositoryId id, RepositorySecret secret, Chunking method, List<Recipient> sealedTo)
            throws IOException {
        HostHome home = session.homeFolder();
        try {
            return Repository.create(
                    session.storage(),
                    id,
                    secret,
                    method,
                    sealedTo,
                    new Descriptor.Host(HostHome.hostName(), home.hostKey().publicHalf()),
                    Instant.now(),
                    session.random());
        } catch (StorageException.Rejected | StorageException.Denied | FormatException e) {
            home.drop(id); // certainly not made; after any other failure it may be there, so its keys are kept
            throw e;
        }
    }

    private int join(Console console) throws IOException {
        if (options.identities().isEmpty() || !recipients.isEmpty()) {
            throw new IllegalArgumentException("--join needs --identity FILE, and takes no --recipient");
        }
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            RepositorySecret secret = session.secret(repository);
            session.homeFolder().keepSecret(repository.descriptor().repository(), secret);
            tell(console, repository, Optional.empty());
        }
        return ExitCode.DONE;
    }

    private static void tell(Console console, Repository repository, Optional<Path> keptAs) {
        Descriptor descriptor = repository.descriptor();
        console.say("repository " + descriptor.repository() + " is ready");
        for (Descriptor.Sealed recipient : descriptor.recipients()) {
            console.say("  sealed to "
                    + recipient
                            .publicText()
                            .orElse("master key " + recipient.secret().recipientId()));
        }
        keptAs.ifPresent(file -> console.say("  its key is " + file
                + "\n  Copy that file to a safe place off this machine: without it nobody opens the backups."));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("command", "init");
        result.put("status", "done");
        result.put("repository", descriptor.repository().hex());
        keptAs.ifPresent(file -> result.put("identityFile", file.toString()));
        console.result(result);
    }
}
