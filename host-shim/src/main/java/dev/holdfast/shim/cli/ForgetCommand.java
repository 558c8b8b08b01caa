package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.CommitGuard;
import dev.holdfast.core.pipeline.ForgetPipeline;
import dev.holdfast.core.pipeline.ForgetPipeline.Forgotten;
import dev.holdfast.core.pipeline.LeaseGuard;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
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

/** {@code holdfast forget}. */
@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Removes one snapshot and the packs that only it needed; what the storage has locked stays.",
            "With --keep-…: applies a policy to a source, or to each source of the repository (--all). Only good snapshots are",
            "counted; the newest good one and what is held stay, whatever the policy says.",
            "With --sweep: removes packs that no snapshot needs, left by runs that were killed."
        })
final class ForgetCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private PolicyOptions policy = new PolicyOptions();

    @Option(names = "--all", description = "with --keep-…: every source of the repository")
    private boolean all;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SOURCE", description = "name of the source")
    private @Nullable String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SNAPSHOT",
            description = "the beginning of its id, or a time")
    private @Nullable String snapshot;

    @Option(
            names = "--damaged",
            description = "remove a snapshot that cannot be read, named by its id; its packs are left for --sweep")
    private boolean damaged;

    @Option(names = "--sweep", description = "remove packs that no snapshot needs")
    private boolean sweep;

    @Option(
            names = "--older-than",
            paramLabel = "HOURS",
            description =
                    "with --sweep: only packs at least so old, longer than any run of another host takes (default: 24)")
    private int olderThanHours = 24;

    @Override
    public Integer call() throws IOException {
        if ((source == null) != all) {
            throw new IllegalArgumentException("name a source, or use --all with a policy");
        }
        if (policy.isGiven()) {
            return applyPolicy();
        }
        if (policy.repack && snapshot == null && !sweep && !policy.dryRun) {
            return repackOnly();
        }
        if (all || policy.repack || policy.dryRun || policy.really) {
            throw new IllegalArgumentException(
                    "--all, --repack, --dry-run and --really need a policy, for example --keep-daily 7");
        }
        if (snapshot == null && !sweep) {
            throw new IllegalArgumentException("name a snapshot, or use a policy such as --keep-daily 7, or --sweep");
        }
        if (snapshot == null && damaged) {
            throw new IllegalArgumentException("--damaged needs the id of a snapshot");
        }
        if (olderThanHours < 0) {
            throw new IllegalArgumentException("--older-than must be 0 hours or more");
        }
        Console console = options.console();
        SourceName name = new SourceName(Objects.requireNonNull(source));
        Forgotten forgotten = Forgotten.NOTHING;
        try (Session session = Session.open(options);
                Catalog catalog = session.catalog()) {
            Repository repository = session.repository();
            session.knownSecret(repository);
            Lease lease = session.lease(catalog, repository, name);
            try {
                ForgetPipeline pipeline = new ForgetPipeline(repository, Clock.systemUTC());
                CommitGuard guard = LeaseGuard.of(catalog, lease, Clock.systemUTC());
                if (snapshot != null) {
                    forgotten = damaged
                            ? pipeline.forgetDamaged(SnapshotChoice.key(repository, name, snapshot), guard)
                            : pipeline.forget(
                                    SnapshotChoice.find(repository, name, snapshot, ZoneId.systemDefault()), guard);
                }
                if (sweep) {
                    forgotten = forgotten.plus(pipeline.sweep(name, Duration.ofHours(olderThanHours), guard));
                }
            } finally {
                catalog.release(lease);
            }
        }
        tell(console, forgotten);
        return forgotten.kept().isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }

    private static void tell(Console console, Forgotten forgotten) {
        console.say("removed " + forgotten.snapshots() + " snapshots and " + forgotten.packs() + " packs ("
                + Console.bytes(forgotten.bytes()) + ")");
        KeptTale.warn(console, forgotten);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "forget");
        map.put("status", forgotten.kept().isEmpty() ? "done" : "done with warnings");
        map.put("snapshots", forgotten.snapshots());
        map.put("packs", forgotten.packs());
        map.put("bytes", forgotten.bytes());
        map.put("kept", KeptTale.list(forgotten));
        console.result(map);
    }

    private int applyPolicy() throws IOException {
        if (snapshot != null || sweep || damaged) {
            throw new IllegalArgumentException("a policy goes with neither a snapshot nor --sweep nor --damaged");
        }
        PolicyForget forget = new PolicyForget(options.console(), policy);
        try (Session session = Session.open(options)) {
            return forget.run(
                    session,
                    Optional.ofNullable(source).map(SourceName::new).stream().toList());
        }
    }

    private int repackOnly() throws IOException {
        Console console = options.console();
        Repacking repacking = new Repacking(console);
        try (Session session = Session.open(options);
                Catalog catalog = session.catalog()) {
            Repository repository = session.repository();
            repacking.prepare(session, repository);
            for (SourceName name : source == null ? repository.sources() : List.of(new SourceName(source))) {
                Lease lease = session.lease(catalog, repository, name);
                try {
                    repacking.run(name, LeaseGuard.of(catalog, lease, Clock.systemUTC()));
                } finally {
                    catalog.release(lease);
                }
            }
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "forget");
        map.put("status", "done");
        map.put("repackedBytes", repacking.freedBytes());
        console.result(map);
        return repacking.exitCode();
    }
}
