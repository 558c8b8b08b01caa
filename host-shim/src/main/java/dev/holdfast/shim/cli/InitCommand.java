package dev.holdfast.shim.cli;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
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
            tell(
                    console,
                    new RepositoryMaker(session.homeFolder(), session.random())
                            .make(session.storage(), method, sealedTo));
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
            tell(console, new RepositoryMaker.Made(repository, Optional.empty()));
        }
        return ExitCode.DONE;
    }

    private static void tell(Console console, RepositoryMaker.Made made) {
        made.say(console);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("command", "init");
        result.put("status", "done");
        result.put("repository", made.repository().descriptor().repository().hex());
        made.keyFile().ifPresent(file -> result.put("identityFile", file.toString()));
        console.result(result);
    }
}
