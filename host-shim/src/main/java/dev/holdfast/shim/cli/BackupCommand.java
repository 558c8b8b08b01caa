package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.BackupPipeline;
import dev.holdfast.core.pipeline.BackupResult;
import dev.holdfast.core.pipeline.BackupSettings;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.shim.command.CommandSource;
import dev.holdfast.shim.command.StdinSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.host.HostHome;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast backup}. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Backs up one source.",
            "",
            "  holdfast backup shop-db                       every database of container shop-db",
            "  holdfast backup --folder /etc --name etc      folders of this host",
            "  holdfast backup --exec redis --name r -- CMD  the output of a command in a container; its exit code counts",
            "  holdfast backup --from-command app -- CMD...  the output of a command on this host; its exit code counts",
            "  CMD | holdfast backup --stdin app             standard input; the exit code of CMD is not seen"
        })
final class BackupCommand implements Callable<Integer> {
    private static final int PIN_ATTEMPTS = 10;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Option(names = "--stdin", paramLabel = "NAME", description = "back up standard input under this name")
    private @Nullable String stdin;

    @Option(
            names = "--from-command",
            paramLabel = "NAME",
            description = "back up the output of a command under this name")
    private @Nullable String fromCommand;

    @Option(names = "--name", paramLabel = "NAME", description = "name of the source; default: the container's")
    private @Nullable String name;

    @Option(
            names = "--type",
            paramLabel = "ENGINE",
            description = "what runs in the container, where its image does not say: postgres, mysql or mariadb")
    private @Nullable String type;

    @Option(
            names = "--compression",
            paramLabel = "CODEC[:LEVEL]",
            description = "zstd (default, level 2), gzip or none; for example zstd:9")
    private @Nullable String compression;

    @Parameters(arity = "0..*", paramLabel = "CONTAINER", description = "container to back up, or after -- the command")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        Plan plan = plan();
        BackupSettings settings = compression == null
                ? BackupSettings.defaults()
                : BackupSettings.defaults().with(Compression.parse(compression));
        long begun = System.nanoTime();
        RunProgress progress = new RunProgress();
        BackupResult result;
        try (Session session = Session.open(options);
                Catalog catalog = session.catalog()) {
            Repository repository = session.repository();
            RepositorySecret secret = session.secretForWriting(repository);
            repository = pinThisHost(session, repository, secret);
            BackupPipeline pipeline = new BackupPipeline(
                    repository,
                    secret,
                    repository.recipients(session.identities()),
                    session.homeFolder().hostKey(),
                    settings,
                    Clock.systemUTC(),
                    session.random());
            byte[] id = new byte[RunId.BYTES];
            session.random().nextBytes(id);
            try (Console.Showing _ = console.show("backup " + plan.name(), progress)) {
                result = new RecordedBackup(catalog, session.homeFolder().owner(), pipeline)
                        .run(RunId.of(id), repository.descriptor().repository(), plan.name(), plan.opening(), progress);
            }
        }
        tell(console, result, (System.nanoTime() - begun) / 1e9);
        result.warnings().forEach(console::warn);
        return result.warnings().isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }

    /** A host that holds the repository secret may add its own signing key. */
    private static Repository pinThisHost(Session session, Repository found, RepositorySecret secret)
            throws IOException {
        HostKey.PublicHalf key = session.homeFolder().hostKey().publicHalf();
        Repository repository = found;
        for (int attempt = 1; repository.verified(secret).host(key.id()).isEmpty(); attempt++) {
            try {
                return repository.withHost(new Descriptor.Host(HostHome.hostName(), key), secret);
            } catch (StorageException.Rejected e) {
                // another host was quicker with the next generation
                if (e.reason() != StorageException.Reason.EXISTS || attempt == PIN_ATTEMPTS) {
                    throw e;
                }
                repository = session.repository();
            }
        }
        return repository;
    }

    private Plan plan() {
        if (stdin != null && fromCommand != null) {
            throw new IllegalArgumentException("--stdin and --from-command exclude each other");
        }
        boolean piped = stdin != null || fromCommand != null;
        Optional<SourceOptions.Chosen> chosen = sources.chosen(Optional.ofNullable(name), piped ? List.of() : words);
        if (chosen.isPresent()) {
            if (piped || type != null) {
                throw new IllegalArgumentException(
                        "--folder and --exec do not go with --stdin, --from-command or --type");
            }
            return new Plan(chosen.get().name(), chosen.get().opening());
        }
        if (stdin != null) {
            requireWords(0, "--stdin takes no container");
            return new Plan(new SourceName(stdin), StdinSource::new);
        }
        if (fromCommand != null) {
            CommandSource source = new CommandSource(words);
            return new Plan(new SourceName(fromCommand), () -> source);
        }
        requireWords(1, "name one container, or use --stdin or --from-command");
        String container = words.getFirst();
        return new Plan(
                new SourceName(Optional.ofNullable(name).orElse(container)),
                () -> new EngineSource(
                        Engine.connect(DockerEndpoint.of(System.getenv())),
                        engine -> type(engine, container).open(engine, container)));
    }

    private DatabaseType type(Engine engine, String container) throws IOException {
        DatabaseTypes types = Databases.known();
        if (type != null) {
            return types.labelled(type);
        }
        Container found = engine.container(container);
        return types.of(found)
                .orElseThrow(() -> new IllegalArgumentException("image " + found.image() + " of container "
                        + found.name() + " is no database known here: say what it is with --type or label "
                        + DatabaseTypes.LABEL + " (" + types.labels() + ")"));
    }

    private void requireWords(int count, String otherwise) {
        if (words.size() != count) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static void tell(Console console, BackupResult result, double seconds) {
        SnapshotHeader header = result.snapshot();
        long plain = header.plaintextBytes();
        String saved = plain == 0
                ? ""
                : String.format(
                        java.util.Locale.ROOT, " (%.1f %% of it new on disk)", 100.0 * header.storedBytes() / plain);
        console.say("snapshot " + header.snapshot() + " of " + header.source() + " is whole");
        console.say("  read " + Console.bytes(plain) + " in " + result.streams() + " streams, stored "
                + Console.bytes(header.storedBytes()) + saved + ", " + result.newChunks() + " of " + result.chunks()
                + " chunks new, " + String.format(java.util.Locale.ROOT, "%.1f s", seconds));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "backup");
        map.put("status", result.warnings().isEmpty() ? "done" : "done with warnings");
        map.put("source", header.source().text());
        map.put("snapshot", header.snapshot().hex());
        map.put("consistency", header.consistency().name().toLowerCase(java.util.Locale.ROOT));
        map.put("streams", result.streams());
        map.put("bytesRead", plain);
        map.put("bytesStored", header.storedBytes());
        map.put("chunks", result.chunks());
        map.put("newChunks", result.newChunks());
        map.put("seconds", seconds);
        map.put("warnings", result.warnings());
        console.result(map);
    }

    /** What is to be backed up. */
    private record Plan(SourceName name, RecordedBackup.Opening opening) {}
}
