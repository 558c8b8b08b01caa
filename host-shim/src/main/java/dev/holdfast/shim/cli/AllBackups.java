package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.BackupSettings;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.discovery.Discovered;
import dev.holdfast.shim.discovery.Found;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineSource;
import dev.holdfast.shim.host.SeenSources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code holdfast backup --all}: every source that is found on this host, one after the other; one that fails stops no other. */
final class AllBackups {
    private final Console console;
    private final BackupSettings settings;
    private final DumpOptions dumping;
    private final List<String> warnings = new ArrayList<>();
    private final List<Map<String, Object>> backups = new ArrayList<>();
    private int whole;
    private int failed;

    AllBackups(Console console, BackupSettings settings, DumpOptions dumping) {
        this.console = console;
        this.settings = settings;
        this.dumping = dumping;
    }

    /** Backs all up and ends with an exit code: failed when one failed, with warnings when something should be looked at. */
    int run(CommonOptions options, List<String> patterns) throws IOException {
        Discovered discovered = DiscoverCommand.look(patterns);
        discovered.warnings().forEach(this::warn);
        if (discovered.found().isEmpty()) {
            warn("nothing to back up was found; holdfast discover says why");
        }
        try (Session session = Session.open(options);
                Catalog catalog = session.catalog()) {
            BackupRun run = BackupRun.prepare(session, catalog, settings);
            SeenSources memory = new SeenSources(
                    session.homeFolder(), run.repository().descriptor().repository());
            List<Found> done = new ArrayList<>();
            for (Found found : discovered.found()) {
                if (backUp(run, found)) {
                    done.add(found);
                }
            }
            remember(memory, run.repository(), discovered, done);
        }
        discovered
                .attention()
                .forEach(one -> warn("container " + one.container().name() + " is not backed up: " + one.why()));
        return summary(discovered);
    }

    private boolean backUp(BackupRun run, Found found) {
        String container = found.container().name();
        try {
            BackupRun.Done done = run.run(
                    found.name(),
                    () -> new EngineSource(
                            Engine.connect(DockerEndpoint.of(System.getenv())),
                            engine -> found.type().open(engine, container, dumping)),
                    console);
            done.say(console);
            done.result().warnings().forEach(line -> warn(found.name() + ": " + line));
            backups.add(done.map());
            whole++;
            return true;
        } catch (IOException | RuntimeException e) {
            console.error("backup of " + found.name() + " failed: ", e);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("command", "backup");
            map.put("status", "failed");
            map.put("source", found.name().text());
            map.put("error", Console.sentence(e));
            backups.add(map);
            failed++;
            return false;
        }
    }

    /** Says once that the container of a source is gone; its snapshots stay. */
    private void remember(SeenSources memory, Repository repository, Discovered discovered, List<Found> done) {
        try {
            Map<SourceName, String> seen = memory.read();
            for (Map.Entry<SourceName, String> one : List.copyOf(seen.entrySet())) {
                if (discovered.isGone(one.getKey(), one.getValue())) {
                    seen.remove(one.getKey());
                    int snapshots =
                            repository.listSnapshots(Optional.of(one.getKey())).size();
                    if (snapshots > 0) {
                        warn("source " + one.getKey() + " has no container any more (it was " + one.getValue()
                                + "); its " + snapshots + (snapshots == 1 ? " snapshot stays" : " snapshots stay")
                                + ", and this is said once");
                    }
                }
            }
            done.forEach(found -> seen.put(found.name(), found.container().name()));
            memory.write(seen);
        } catch (IOException e) {
            warn("containers that are gone could not be told: " + Console.sentence(e));
        }
    }

    private void warn(String warning) {
        warnings.add(warning);
        console.warn(warning);
    }

    private int summary(Discovered discovered) {
        String status = failed > 0 ? "failed" : warnings.isEmpty() ? "done" : "done with warnings";
        console.say(String.format(
                Locale.ROOT,
                "%d of %d sources backed up, %d failed, %d warnings",
                whole,
                discovered.found().size(),
                failed,
                warnings.size()));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "backup");
        map.put("status", status);
        map.put("backups", backups);
        map.put(
                "notBackedUp",
                discovered.attention().stream().map(DiscoverCommand::map).toList());
        map.put("warnings", warnings);
        console.result(map);
        return failed > 0 ? ExitCode.FAILED : warnings.isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }
}
