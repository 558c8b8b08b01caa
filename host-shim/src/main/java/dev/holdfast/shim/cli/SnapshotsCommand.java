package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code holdfast snapshots}. */
@Command(
        name = "snapshots",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists snapshots, oldest first. Needs no key. Every signature is verified.")
final class SnapshotsCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String ROW = "%-16s  %-19s  %-24s  %-11s  %-11s  %9s  %9s";

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "SOURCE", description = "only of this source")
    private @Nullable String source;

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        List<SnapshotHeader> found = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            session.knownSecret(repository);
            Optional<SourceName> only = Optional.ofNullable(source).map(SourceName::new);
            for (StoredObject object : repository.listSnapshots(only)) {
                try {
                    found.add(repository.readSnapshot(object.key()).header());
                } catch (StorageException e) {
                    throw e;
                } catch (IOException e) {
                    damaged.add(e.getMessage());
                }
            }
        }
        print(console, found);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("command", "snapshots");
        result.put("snapshots", found.stream().map(SnapshotsCommand::map).toList());
        result.put("damaged", damaged);
        console.result(result);
        damaged.forEach(line -> console.warn("damaged: " + line));
        return damaged.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void print(Console console, List<SnapshotHeader> snapshots) {
        if (snapshots.isEmpty()) {
            console.say("no snapshots");
            return;
        }
        console.say(
                String.format(Locale.ROOT, ROW, "ID", "FINISHED", "SOURCE", "ENGINE", "CONSISTENCY", "SIZE", "ADDED"));
        for (SnapshotHeader header : snapshots) {
            console.say(String.format(
                    Locale.ROOT,
                    ROW,
                    header.snapshot(),
                    TIME.format(header.finished().atZone(ZoneId.systemDefault())),
                    header.source(),
                    header.engine(),
                    header.consistency().name().toLowerCase(Locale.ROOT),
                    Console.bytes(header.plaintextBytes()),
                    Console.bytes(header.storedBytes())));
        }
    }

    private static Map<String, Object> map(SnapshotHeader header) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", header.snapshot().hex());
        map.put("source", header.source().text());
        map.put("engine", header.engine());
        map.put("started", header.started().toString());
        map.put("finished", header.finished().toString());
        map.put("consistency", header.consistency().name().toLowerCase(Locale.ROOT));
        map.put("bytes", header.plaintextBytes());
        map.put("addedBytes", header.storedBytes());
        map.put("packs", header.packs().size());
        map.put("host", header.host().hex());
        return map;
    }
}
