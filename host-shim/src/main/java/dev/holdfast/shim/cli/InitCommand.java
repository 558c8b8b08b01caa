package dev.holdfast.shim.cli;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.Repository;
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
            HostHome home = session.homeFolder();
            RepositorySecret secret = RepositorySecret.generate(session.random());
            Repository repository = Repository.create(
                    session.storage(),
                    secret,
                    method,
                    sealedTo,
                    new Descriptor.Host(HostHome.hostName(), home.hostKey().publicHalf()),
                    Instant.now(),
                    session.random());
            home.keepSecret(repository.descriptor().repository(), secret);
            Optional<Path> keptAs = Optional.empty();
            if (made.isPresent()) {
                Path file = home.identityFile(repository.descriptor().repository());
                SecretFile.create(file, KeyCommand.fileText(made.get()));
                keptAs = Optional.of(file);
            }
            tell(console, repository, keptAs);
        }
        return ExitCode.DONE;
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
