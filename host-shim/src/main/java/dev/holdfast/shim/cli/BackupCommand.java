package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.BackupSettings;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.shim.command.CommandSource;
import dev.holdfast.shim.command.StdinSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.host.RepositoryPlace;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
            "Backs up one source, or all that \"holdfast discover\" lists.",
            "",
            "  holdfast backup --all                         every database in a container of this host",
            "  holdfast backup shop-db                       every database of container shop-db",
            "  holdfast backup --folder /etc --name etc      folders of this host",
            "  holdfast backup --exec redis --name r -- CMD  the output of a command in a container; its exit code counts",
            "  holdfast backup --volumes shop                the volumes of container shop; --volume NAME for one volume",
            "  holdfast backup --from-command app -- CMD...  the output of a command on this host; its exit code counts",
            "  CMD | holdfast backup --stdin app             standard input; the exit code of CMD is not seen"
        })
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Mixin
    private VolumeOptions volumes = new VolumeOptions();

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
            description =
                    "what runs in the container, where its image does not say: postgres, mysql, mariadb or mongodb")
    private @Nullable String type;

    @Option(names = "--all", description = "back up all that discover lists; one that fails stops no other")
    private boolean all;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = "with --all: only containers or sources with such a name; may be repeated")
    private List<String> patterns = new ArrayList<>();

    @Option(
            names = "--compression",
            paramLabel = "CODEC[:LEVEL]",
            description = "zstd (default, level 2), gzip or none; for example zstd:9")
    private @Nullable String compression;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "databases of one server dumped at the same time, 1 (default) to 8; each takes 16 MiB more memory")
    private @Nullable Integer parallel;

    @Parameters(arity = "0..*", paramLabel = "CONTAINER", description = "container to back up, or after -- the command")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        BackupSettings settings = compression == null
                ? BackupSettings.defaults()
                : BackupSettings.defaults().with(Compression.parse(compression));
        if (all) {
            boolean other = stdin != null || fromCommand != null || name != null || type != null || !words.isEmpty();
            if (other || sources.given() || volumes.given()) {
                throw new IllegalArgumentException("--all finds its sources itself: narrow it with --pattern");
            }
            return new AllBackups(console, settings, dumping()).run(options, patterns);
        }
        if (!patterns.isEmpty()) {
            throw new IllegalArgumentException("--pattern goes with --all");
        }
        Plan plan = plan(console);
        if (parallel != null && !plan.isDatabase()) {
            throw new IllegalArgumentException("--parallel is for databases in containers");
        }
        try (Session session = Session.open(options);
                Catalog catalog = session.catalog()) {
            BackupRun.Done done =
                    BackupRun.prepare(session, catalog, settings).run(plan.name(), plan.opening(), console);
            done.say(console);
            console.result(done.map());
            done.result().warnings().forEach(console::warn);
            return done.exitCode();
        }
    }

    private Plan plan(Console console) throws IOException {
        Optional<RepositoryPlace> repository = sources.given() || volumes.given()
                ? Storages.of(Session.home(), System.getenv()).folder(options.storage())
                : Optional.empty();
        Optional<VolumeOptions.Chosen> volume = volumes.chosen(Optional.ofNullable(name), repository, console);
        if (volume.isPresent()) {
            requireWords(0, "--volumes and --volume take no further container");
            if (stdin != null || fromCommand != null || type != null) {
                throw new IllegalArgumentException(
                        "--volumes and --volume do not go with --stdin, --from-command or --type");
            }
            return new Plan(volume.get().name(), volume.get().opening(), Kind.OTHER);
        }
        if (stdin != null && fromCommand != null) {
            throw new IllegalArgumentException("--stdin and --from-command exclude each other");
        }
        boolean piped = stdin != null || fromCommand != null;
        Optional<SourceOptions.Chosen> chosen =
                sources.chosen(Optional.ofNullable(name), repository, piped ? List.of() : words);
        if (chosen.isPresent()) {
            if (piped || type != null) {
                throw new IllegalArgumentException(
                        "--folder and --exec do not go with --stdin, --from-command or --type");
            }
            chosen.get().notes().forEach(note -> console.say("note: " + note));
            return new Plan(chosen.get().name(), chosen.get().opening(), Kind.OTHER);
        }
        if (stdin != null) {
            requireWords(0, "--stdin takes no container");
            return new Plan(new SourceName(stdin), StdinSource::new, Kind.OTHER);
        }
        if (fromCommand != null) {
            CommandSource source = new CommandSource(words);
            return new Plan(new SourceName(fromCommand), () -> source, Kind.OTHER);
        }
        requireWords(1, "name one container, or use --stdin or --from-command");
        String container = words.getFirst();
        DumpOptions dumping = dumping();
        return new Plan(
                new SourceName(Optional.ofNullable(name).orElse(container)),
                () -> new EngineSource(
                        Engine.connect(DockerEndpoint.of(System.getenv())),
                        engine -> type(engine, container).open(engine, container, dumping)),
                Kind.DATABASE);
    }

    private DumpOptions dumping() {
        return parallel == null ? DumpOptions.defaults() : new DumpOptions(parallel);
    }

    private DatabaseType type(Engine engine, String container) throws IOException {
        DatabaseTypes types = Databases.known();
        Container found = engine.container(container);
        Optional<DatabaseType> known = type == null ? types.of(found) : Optional.of(types.labelled(type));
        return known.orElseThrow(() -> new IllegalArgumentException("image " + found.image() + " of container "
                + found.name() + " is no database known here: say what it is with --type or label "
                + DatabaseTypes.LABEL + " (" + types.labels() + ")"));
    }

    private void requireWords(int count, String otherwise) {
        if (words.size() != count) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** What is to be backed up. */
    private record Plan(SourceName name, RecordedBackup.Opening opening, Kind kind) {
        boolean isDatabase() {
            return kind == Kind.DATABASE;
        }
    }

    private enum Kind {
        DATABASE,
        OTHER
    }
}
