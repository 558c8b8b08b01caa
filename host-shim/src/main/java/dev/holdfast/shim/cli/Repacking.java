package dev.holdfast.shim.cli;

import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.CommitGuard;
import dev.holdfast.core.pipeline.RepackPipeline;
import dev.holdfast.core.pipeline.RepackPipeline.Repacked;
import dev.holdfast.core.pipeline.SnapshotSurvey;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Repacks source after source, and tells what that brought. */
final class Repacking {
    private final Console console;
    private @Nullable RepackPipeline pipeline;
    private long freedBytes;
    private int exitCode = ExitCode.DONE;

    Repacking(Console console) {
        this.console = console;
    }

    /** Makes sure that this host may write to the repository. */
    void prepare(Session session, Repository repository) throws IOException {
        RepositorySecret secret = session.secretForWriting(repository);
        pipeline = new RepackPipeline(
                repository,
                secret,
                session.homeFolder().hostKey(),
                new Holds(repository, secret),
                SnapshotSurvey.Locks.of(session.storage()),
                session.random());
    }

    void run(SourceName source, CommitGuard guard) throws IOException {
        Repacked repacked = Objects.requireNonNull(pipeline).run(source, guard);
        freedBytes += repacked.freedBytes();
        console.say(source + ": " + repacked.oldPacks() + " packs repacked into " + repacked.newPacks() + ", "
                + Console.bytes(repacked.freedBytes()) + " freed, " + repacked.snapshots() + " snapshots have new ids");
        if (!repacked.kept().isEmpty()) {
            console.warn(
                    repacked.kept().size() + " packs of " + source + " are locked and stay for now: sweep them later");
            exitCode = ExitCode.WARNINGS;
        }
        for (PackId pack : repacked.damaged()) {
            console.warn("pack " + pack + " of " + source + " is damaged and was left alone: run holdfast check");
            exitCode = ExitCode.WARNINGS;
        }
    }

    long freedBytes() {
        return freedBytes;
    }

    int exitCode() {
        return exitCode;
    }
}
