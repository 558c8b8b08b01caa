package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.CopyAudit;
import dev.holdfast.core.pipeline.CopyScope;
import dev.holdfast.core.pipeline.LeaseGuard;
import dev.holdfast.core.pipeline.LockTerm;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.pipeline.ReplicatePipeline;
import dev.holdfast.core.pipeline.ReplicateReport;
import dev.holdfast.core.pipeline.ReplicateSettings;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.repository.CopyMark;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RepositoryCopy;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast copy}. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Copies every snapshot that another storage does not have yet, newest first. Needs no key.",
            "Each pack is compared with its name on the way. May be stopped at any moment: the next run goes on.",
            "A copy is read as any repository: holdfast restore SOURCE --storage COPY"
        })
final class CopyCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "NAME|FOLDER",
            description = "the storage that holds the copy, or shall; a folder must exist")
    private @Nullable String to;

    @Parameters(arity = "0..1", paramLabel = "SOURCE", description = "only this source")
    private @Nullable String source;

    @Option(
            names = "--lock",
            paramLabel = "30d",
            description =
                    "lock each object against deletion (S3 Object Lock) until so long after the newest snapshot that needs it was copied")
    private @Nullable String lock;

    @Option(
            names = "--lock-mode",
            paramLabel = "MODE",
            description = "governance (default): who has a special permission may lift a lock; compliance: nobody")
    private ObjectLock.Mode lockMode = ObjectLock.Mode.GOVERNANCE;

    @Option(
            names = "--stop-after",
            paramLabel = "MINUTES",
            description = "begin nothing that is not likely to be done by then, and say what is left")
    private int stopAfterMinutes;

    @Option(names = "--transfers", paramLabel = "N", description = "packs on their way at once (default: 3)")
    private int transfers = ReplicateSettings.DEFAULT.transfers();

    @Option(
            names = "--mend",
            description = "look also at snapshots that the copy has: bring back packs that it lost, lengthen locks")
    private boolean mend;

    @Option(names = "--adopt", description = "take a copy that was made by other means; say this once")
    private boolean adopt;

    @Option(
            names = "--audit",
            description =
                    "copy nothing; compare until when each object of the copy should be locked with what its storage says")
    private boolean audit;

    @Option(
            names = "--promote",
            description = "copy nothing; from now on backups may be written to the copy, because its original is lost")
    private boolean promote;

    @Override
    public Integer call() throws IOException {
        if (audit && promote) {
            throw new IllegalArgumentException("--audit and --promote exclude each other");
        }
        if (stopAfterMinutes < 0) {
            throw new IllegalArgumentException("--stop-after must be 1 minute or more");
        }
        Console console = options.console();
        Storages storages = Storages.of(Session.home(), System.getenv());
        Optional<LockTerm> term = Optional.ofNullable(lock).map(text -> LockText.parse(text, lockMode));
        String target = Objects.requireNonNull(to);
        try (Storage storage = storages.openCopy(target, term.map(LockTerm::atPut))) {
            if (promote) {
                return promote(console, storage);
            }
            return audit ? audit(console, storage, term) : copy(console, storages.place(target), storage, term);
        }
    }

    private int copy(Console console, String place, Storage storage, Optional<LockTerm> term) throws IOException {
        ReplicateReport report;
        RunProgress progress = new RunProgress();
        try (Session session = Session.open(options);
                Catalog catalog = session.catalog()) {
            Repository from = session.repository();
            Lease lease = catalog.acquire(
                    ReplicatePipeline.resource(from.descriptor().repository(), place),
                    session.homeFolder().owner(),
                    RecordedBackup.timeToLive());
            LeaseGuard guard = LeaseGuard.of(catalog, lease, Clock.systemUTC());
            try (Console.Showing _ = console.show("copy", progress)) {
                RepositoryCopy copy = RepositoryCopy.open(
                        from,
                        storage,
                        adopt ? RepositoryCopy.Unmarked.ADOPT : RepositoryCopy.Unmarked.REFUSE,
                        session.knownSecret(from));
                CopyScope scope = Optional.ofNullable(source)
                        .map(name -> CopyScope.of(new SourceName(name)))
                        .orElse(CopyScope.ALL);
                report = new ReplicatePipeline(from, copy, settings(term), Clock.systemUTC())
                        .run(scope, guard, progress);
            } finally {
                catalog.release(lease);
            }
        }
        return tell(console, report);
    }

    private ReplicateSettings settings(Optional<LockTerm> term) {
        ReplicateSettings settings = ReplicateSettings.DEFAULT.withTransfers(transfers);
        if (stopAfterMinutes > 0) {
            settings = settings.withDeadline(Instant.now().plus(Duration.ofMinutes(stopAfterMinutes)));
        }
        if (mend) {
            settings = settings.with(ReplicateSettings.Present.MEND);
        }
        return term.isPresent() ? settings.with(term.get()) : settings;
    }

    private static int tell(Console console, ReplicateReport report) {
        console.say("copied " + report.copied().size() + " snapshots, " + report.packs() + " packs ("
                + Console.bytes(report.bytes()) + ")");
        if (report.locksExtended() > 0) {
            console.say("lengthened the locks of " + report.locksExtended() + " objects");
        }
        if (report.vanished() > 0) {
            console.say(report.vanished() + " snapshots were removed meanwhile and left out");
        }
        report.problems().forEach(problem -> console.say("PROBLEM " + problem));
        if (!report.left().isEmpty()) {
            console.say(report.left().size() + " snapshots are left; run it again to go on");
        }
        int code =
                report.isComplete() ? ExitCode.DONE : report.problems().isEmpty() ? ExitCode.WARNINGS : ExitCode.FAILED;
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "copy");
        map.put("status", code == ExitCode.DONE ? "done" : code == ExitCode.WARNINGS ? "done with warnings" : "failed");
        map.put("copied", report.copied().stream().map(Object::toString).toList());
        map.put("packs", report.packs());
        map.put("bytes", report.bytes());
        map.put("locksExtended", report.locksExtended());
        map.put("vanished", report.vanished());
        map.put("problems", report.problems());
        map.put("left", report.left().stream().map(Object::toString).toList());
        console.result(map);
        return code;
    }

    private static int audit(Console console, Storage storage, Optional<LockTerm> term) throws IOException {
        Repository copy = Repository.find(storage)
                .orElseThrow(() -> new NotFoundException("there is no repository in this storage; copy to it first"));
        return new AuditTale(new CopyAudit(copy, term).run(), Instant.now()).tell(console);
    }

    private static int promote(Console console, Storage storage) throws IOException {
        CopyMark.promote(storage);
        console.say("backups may be written there now, and nothing is copied into it any more");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "copy");
        map.put("status", "done");
        map.put("promoted", true);
        console.result(map);
        return ExitCode.DONE;
    }
}
