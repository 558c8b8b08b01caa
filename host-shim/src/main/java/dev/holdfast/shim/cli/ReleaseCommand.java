package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code holdfast release}. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Ends the hold of a snapshot. The next policy decides about it.")
final class ReleaseCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "name of the source")
    private @Nullable String source;

    @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "the beginning of its id, or a time")
    private @Nullable String snapshot;

    @Override
    public Integer call() throws IOException {
        SourceName name = new SourceName(Objects.requireNonNull(source));
        SnapshotId id;
        Holds.Outcome outcome;
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            Holds holds = new Holds(repository, session.secretForWriting(repository));
            id = SnapshotChoice.find(repository, name, Objects.requireNonNull(snapshot), ZoneId.systemDefault())
                    .header()
                    .snapshot();
            outcome = holds.release(name, id);
        }
        if (outcome == Holds.Outcome.WAS_NOT_HELD) {
            throw new NotFoundException("snapshot " + id + " of " + name + " is not held");
        }
        Console console = options.console();
        console.say("snapshot " + id + " of " + name + " is released");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "release");
        map.put("status", "done");
        map.put("snapshot", id.hex());
        console.result(map);
        return ExitCode.DONE;
    }
}
