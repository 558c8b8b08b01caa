package dev.holdfast.shim.cli;

import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.CheckDepth;
import dev.holdfast.core.pipeline.CheckPipeline;
import dev.holdfast.core.pipeline.CheckReport;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Looks whether the repository is whole: every snapshot signed and under its own name, every pack there with its length.",
            "Works without a key. With the repository secret it opens recipes too; with a key and --read-data every chunk."
        })
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "--read-data", description = "read every pack and compare its bytes")
    private boolean readData;

    @Option(
            names = "--read-data-subset",
            paramLabel = "PERCENT%",
            description = "read a random share of the packs, for example 5%%")
    private @Nullable String subset;

    @Option(names = "--without-keys", description = "use no key and no secret, even if this host has them")
    private boolean withoutKeys;

    @Parameters(arity = "0..1", paramLabel = "SOURCE", description = "only this source")
    private @Nullable String source;

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        CheckDepth depth =
                subset != null ? CheckDepth.parse(subset) : readData ? CheckDepth.ALL_DATA : CheckDepth.STRUCTURE;
        CheckReport report;
        boolean keyed;
        RunProgress progress = new RunProgress();
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            Optional<RepositorySecret> secret = withoutKeys ? Optional.empty() : session.knownSecret(repository);
            var identities =
                    withoutKeys ? java.util.List.<dev.holdfast.core.crypto.Identity>of() : session.identities();
            keyed = secret.isPresent() && !identities.isEmpty();
            try (Console.Showing _ = console.show("check", progress)) {
                report = new CheckPipeline(
                                repository,
                                secret,
                                identities,
                                Math.min(4, Runtime.getRuntime().availableProcessors()),
                                session.random())
                        .run(Optional.ofNullable(source).map(SourceName::new), depth, progress);
            }
            if (secret.isEmpty()) {
                console.say("without the repository secret the descriptor is taken as it is");
            }
        }
        tell(console, report, keyed);
        return report.isClean() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void tell(Console console, CheckReport report, boolean keyed) {
        console.say(report.snapshots() + " snapshots are whole, they need " + report.packs() + " packs");
        if (report.packsRead() > 0) {
            console.say("read " + report.packsRead() + " packs (" + Console.bytes(report.bytesRead()) + ")"
                    + (keyed ? ", opened " + report.chunksOpened() + " chunks" : ", compared with their names"));
        }
        if (report.unneededPacks() > 0) {
            console.say(report.unneededPacks() + " packs are needed by no snapshot (forget --sweep removes them)");
        }
        report.problems().forEach(problem -> console.say("PROBLEM " + problem));
        console.say(report.isClean() ? "no problems" : report.problems().size() + " problems");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "check");
        map.put("status", report.isClean() ? "done" : "failed");
        map.put("snapshots", report.snapshots());
        map.put("packs", report.packs());
        map.put("packsRead", report.packsRead());
        map.put("bytesRead", report.bytesRead());
        map.put("chunksOpened", report.chunksOpened());
        map.put("unneededPacks", report.unneededPacks());
        map.put("problems", report.problems());
        console.result(map);
    }
}
