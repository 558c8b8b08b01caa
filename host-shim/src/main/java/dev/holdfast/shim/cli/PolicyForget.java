package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.DrasticPlanException;
import dev.holdfast.core.pipeline.ForgetPipeline.Forgotten;
import dev.holdfast.core.pipeline.LeaseGuard;
import dev.holdfast.core.pipeline.RetentionPipeline;
import dev.holdfast.core.pipeline.RetentionPipeline.Insistence;
import dev.holdfast.core.pipeline.SnapshotSurvey;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.retention.RetentionPlan;
import dev.holdfast.core.retention.RetentionPlan.Verdict;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.SnapshotFacts;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code holdfast forget} with a policy: source by source, never across. A source that fails stops no other. */
final class PolicyForget {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final Console console;
    private final PolicyOptions options;
    private final RetentionPolicy policy;
    private final ZoneId zone;
    private final List<Map<String, Object>> sources = new ArrayList<>();
    private final Repacking repacking;
    private Forgotten forgotten = new Forgotten(0, 0, 0);
    private int worst = ExitCode.DONE;

    PolicyForget(Console console, PolicyOptions options) {
        this.console = console;
        this.options = options;
        this.policy = options.policy();
        this.zone = options.zone();
        this.repacking = new Repacking(console);
    }

    int run(Session session, List<SourceName> wanted) throws IOException {
        Repository repository = session.repository();
        if (options.repack) {
            repacking.prepare(session, repository);
        }
        Holds holds = new Holds(repository, session.secret(repository));
        RetentionPipeline pipeline =
                new RetentionPipeline(repository, holds, SnapshotSurvey.Locks.of(session.storage()), Clock.systemUTC());
        try (Catalog catalog = session.catalog()) {
            for (SourceName source : wanted.isEmpty() ? repository.sources() : wanted) {
                try {
                    one(session, catalog, repository, pipeline, source);
                } catch (IOException e) {
                    failed(source, e);
                }
            }
        }
        summary();
        return worst;
    }

    private void one(
            Session session, Catalog catalog, Repository repository, RetentionPipeline pipeline, SourceName source)
            throws IOException {
        if (options.dryRun) {
            show(source, pipeline.plan(source, policy, zone));
            return;
        }
        Lease lease = session.lease(catalog, repository, source);
        LeaseGuard guard = LeaseGuard.of(catalog, lease, Clock.systemUTC());
        try {
            RetentionPipeline.Result result =
                    pipeline.run(source, policy, zone, options.really ? Insistence.TWICE : Insistence.ONCE, guard);
            forgotten = forgotten.plus(result.forgotten());
            show(source, result.plan());
            if (options.repack) {
                repacking.run(source, guard);
            }
        } finally {
            catalog.release(lease);
        }
    }

    private void failed(SourceName source, IOException failure) {
        if (failure instanceof DrasticPlanException drastic) {
            show(source, drastic.plan());
        }
        console.error("source " + source + ": ", failure);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("source", source.text());
        map.put("error", Console.sentence(failure));
        sources.add(map);
        worst = Math.max(worst, ExitCode.of(failure));
    }

    private void show(SourceName source, RetentionPlan plan) {
        console.say(source + ": " + plan.kept().size() + " stay, "
                + plan.deletions().size() + " " + (options.dryRun ? "would go" : "go") + "  (" + policy + ")");
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Verdict verdict : plan.verdicts()) {
            SnapshotFacts snapshot = verdict.snapshot();
            String fate = verdict.fate().name().toLowerCase(Locale.ROOT);
            console.say("  %-6s  %s  %s  %9s  %s"
                    .formatted(
                            fate,
                            snapshot.id(),
                            TIME.format(snapshot.claimed().atZone(zone)),
                            Console.bytes(snapshot.bytes()),
                            String.join("; ", verdict.reasons())));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("snapshot", snapshot.id().hex());
            row.put("time", snapshot.claimed().toString());
            row.put("stored", snapshot.stored().toString());
            row.put("bytes", snapshot.bytes());
            row.put("standing", snapshot.standing().name().toLowerCase(Locale.ROOT));
            row.put("fate", fate);
            row.put("reasons", verdict.reasons());
            rows.add(row);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("source", source.text());
        map.put("moreThanHalf", plan.isDrastic());
        map.put("snapshots", rows);
        sources.add(map);
    }

    private void summary() {
        if (!options.dryRun) {
            console.say("removed " + forgotten.snapshots() + " snapshots and " + forgotten.packs() + " packs ("
                    + Console.bytes(forgotten.bytes()) + ")");
            KeptTale.warn(console, forgotten);
        }
        if (!forgotten.kept().isEmpty()) {
            worst = worst == ExitCode.DONE ? ExitCode.WARNINGS : worst;
        }
        worst = worst == ExitCode.DONE ? repacking.exitCode() : worst;
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "forget");
        map.put(
                "status",
                worst == ExitCode.DONE ? "done" : worst == ExitCode.WARNINGS ? "done with warnings" : "failed");
        map.put("dryRun", options.dryRun);
        map.put("policy", policy.toString());
        map.put("zone", zone.getId());
        map.put("sources", sources);
        map.put("snapshots", forgotten.snapshots());
        map.put("packs", forgotten.packs());
        map.put("bytes", forgotten.bytes());
        map.put("repackedBytes", repacking.freedBytes());
        console.result(map);
    }
}
