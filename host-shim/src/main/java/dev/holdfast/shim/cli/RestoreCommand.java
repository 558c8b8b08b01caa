package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.pipeline.SnapshotReader;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.discovery.Discovery;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.service.Databases;
import dev.holdfast.shim.volume.Leftovers;
import dev.holdfast.shim.volume.VolumePathsRestore;
import dev.holdfast.shim.volume.VolumesRestore;
import dev.holdfast.shim.volume.VolumesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast restore}. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Brings a database back: into new databases beside the old ones, compared with the backup's row counts, then swapped in.",
            "Until the swap the old databases are untouched.",
            "Volumes are filled again, and read back to compare; containers that use them are stopped meanwhile.",
            "With --to-folder or --in-place it brings files back: of folders, or the streams of any snapshot.",
            "",
            "  holdfast restore shop-db                                        the database of that container",
            "  holdfast restore files-etc --to-folder out --path /etc/hosts    one file",
            "  holdfast restore files-etc --in-place                           a folder where it was",
            "  holdfast restore shop --path /data/logo.png                     one file, back into the volume of container shop"
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "name of the source")
    private @Nullable String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SNAPSHOT",
            description = "latest (default), the beginning of an id, or a time such as \"2026-11-19 02:00\"")
    private String snapshot = "latest";

    @Option(
            names = "--to",
            paramLabel = "CONTAINER",
            description =
                    "restore into this container; default: the one named like the source, or that discover lists as it, or that the"
                            + " volumes were of. For a volume backed up by its name: into this volume")
    private @Nullable String to;

    @Option(names = "--database", paramLabel = "NAME", description = "only this database")
    private @Nullable String database;

    @Option(names = "--table", paramLabel = "SCHEMA.TABLE", description = "only this table of the database")
    private @Nullable String table;

    @Option(names = "--keep-replaced", description = "keep what is replaced under another name, instead of dropping it")
    private boolean keepReplaced;

    @Option(
            names = "--empty-first",
            description = "of volumes: remove what a volume holds now; without this one that holds data is refused")
    private boolean emptyFirst;

    @Option(
            names = "--keep-running",
            description =
                    "with files that go back into volumes: do not stop the containers that use the volumes meanwhile")
    private boolean keepRunning;

    @Mixin
    private ReachOption reach = new ReachOption();

    @Option(names = "--dry-run", description = "print the plan and change nothing")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    @Mixin
    private FileOptions files = new FileOptions();

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        SourceName name = new SourceName(Objects.requireNonNull(source));
        files.refuseWith(database != null || table != null || keepReplaced);
        RunProgress progress = new RunProgress();
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            var secret = session.secret(repository);
            Snapshot found = SnapshotChoice.find(repository, name, snapshot, ZoneId.systemDefault());
            SnapshotReader reader =
                    SnapshotReader.open(repository, found, secret, session.identities(), RestoreThreads.count());
            ReaderStreams streams = new ReaderStreams(reader, progress);
            String engineName = found.header().engine();
            files.refusePathsOf(engineName);
            if (files.asked(engineName)) {
                if (to != null) {
                    throw new IllegalArgumentException(
                            "--to is for containers and volumes, not for files of this host");
                }
                return carryOut(console, files.prepare(engineName, streams), found, progress);
            }
            try (Engine engine = Engine.connect(DockerEndpoint.of(System.getenv()))) {
                return carryOut(console, prepare(engine, session, found.header(), streams), found, progress);
            }
        }
    }

    /** The container named like the source, else the one that "backup --all" would take as this source. */
    private static String container(Engine engine, SourceName name) throws IOException {
        List<Container> all = engine.inspectAll();
        if (all.stream().anyMatch(one -> one.name().equals(name.text()))) {
            return name.text();
        }
        return new Discovery(Databases.known(), List.of())
                .of(all).sources().entrySet().stream()
                        .filter(source -> source.getValue().equals(name))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(name.text());
    }

    private int carryOut(Console console, PreparedRestore restore, Snapshot found, RunProgress progress)
            throws IOException {
        SnapshotHeader header = found.header();
        List<String> plan = restore.plan();
        console.say(
                "snapshot " + header.snapshot() + " of " + header.source() + ", finished " + header.finished() + ":");
        plan.forEach(line -> console.say("  " + line));
        if (dryRun) {
            console.result(Map.of("command", "restore", "status", "planned", "plan", plan));
            return ExitCode.DONE;
        }
        if (!yes && restore.replaces() && !console.confirm("Restore now?")) {
            throw new IOException("not confirmed, so nothing was changed (use --yes where nobody can be asked)");
        }
        RestoreReport report;
        try (Console.Showing _ = console.show("restore " + header.source(), progress)) {
            report = restore.run();
        }
        return RestoreTale.tell(console, report);
    }

    private PreparedRestore prepare(Engine engine, Session session, SnapshotHeader header, ReaderStreams streams)
            throws IOException {
        if (header.engine().equals(VolumesSource.ENGINE)) {
            if (database != null || table != null || keepReplaced) {
                throw new IllegalArgumentException("--database, --table and --keep-replaced are not for volumes");
            }
            return volumes(engine, Leftovers.folder(session.homeFolder().folder()), streams);
        }
        if (emptyFirst || keepRunning || reach.given()) {
            throw new IllegalArgumentException("--empty-first, --keep-running and --through-engine are for volumes");
        }
        DatabaseType type = Databases.known()
                .ofEngine(header.engine())
                .orElseThrow(() -> new IllegalArgumentException("snapshot " + header.snapshot() + " is of engine "
                        + header.engine() + ": say where to with " + FileOptions.waysFor(header.engine())));
        String container = to == null ? container(engine, header.source()) : to;
        return type.prepare(engine, container, streams, wanted());
    }

    private PreparedRestore volumes(Engine engine, Path journals, ReaderStreams streams) throws IOException {
        Optional<String> target = Optional.ofNullable(to);
        if (files.inVolumes()) {
            if (emptyFirst) {
                throw new IllegalArgumentException(
                        "--empty-first is for whole volumes, and not for --path or --in-place");
            }
            VolumePathsRestore.Users users =
                    keepRunning ? VolumePathsRestore.Users.GO_ON : VolumePathsRestore.Users.STOP;
            return VolumePathsRestore.prepare(engine, journals, target, streams, files.paths(), users, reach.reach());
        }
        if (keepRunning) {
            throw new IllegalArgumentException("--keep-running needs --path or --in-place");
        }
        return VolumesRestore.prepare(
                engine,
                journals,
                target,
                streams,
                emptyFirst ? VolumesRestore.Present.REMOVE : VolumesRestore.Present.REFUSE,
                reach.reach());
    }

    private RestoreOptions wanted() {
        RestoreOptions wanted = RestoreOptions.everything();
        if (table != null) {
            wanted = wanted.onlyTable(
                    Optional.ofNullable(database)
                            .orElseThrow(() -> new IllegalArgumentException("--table needs --database")),
                    table);
        } else if (database != null) {
            wanted = wanted.onlyDatabase(database);
        }
        return keepReplaced ? wanted.keepingReplaced() : wanted;
    }
}
