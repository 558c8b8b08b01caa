package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Hold;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.shim.host.HostHome;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast hold}. */
@Command(
        name = "hold",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Keeps a snapshot from every policy, on every host, until it is released.")
final class HoldCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "name of the source")
    private @Nullable String source;

    @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "latest, the beginning of its id, or a time")
    private @Nullable String snapshot;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "why, for whoever finds it (it is visible in the storage)")
    private String reason = "";

    @Override
    public Integer call() throws IOException {
        SourceName name = new SourceName(Objects.requireNonNull(source));
        SnapshotId id;
        boolean placed = true;
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            Holds holds = new Holds(repository, session.secretForWriting(repository));
            id = SnapshotChoice.find(repository, name, Objects.requireNonNull(snapshot), ZoneId.systemDefault())
                    .header()
                    .snapshot();
            try {
                holds.place(new Hold(
                        repository.descriptor().repository(),
                        name,
                        id,
                        reason,
                        HostHome.hostName(),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS)));
            } catch (StorageException.Rejected e) {
                if (e.reason() != StorageException.Reason.EXISTS) {
                    throw e;
                }
                placed = false;
            }
        }
        Console console = options.console();
        console.say("snapshot " + id + " of " + name
                + (placed ? " is held" : " was held already; its hold stays as it is"));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "hold");
        map.put("status", "done");
        map.put("snapshot", id.hex());
        map.put("placed", placed);
        console.result(map);
        return ExitCode.DONE;
    }
}
