package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.BackupPipeline;
import dev.holdfast.core.pipeline.BackupResult;
import dev.holdfast.core.pipeline.BackupSettings;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.shim.host.HostHome;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Backups into one repository, one source after the other. */
final class BackupRun {
    private static final int PIN_ATTEMPTS = 10;

    private final Session session;
    private final Catalog catalog;
    private final BackupSettings settings;
    private final Repository repository;
    private final RepositorySecret secret;

    private BackupRun(
            Session session, Catalog catalog, BackupSettings settings, Repository repository, RepositorySecret secret) {
        this.session = session;
        this.catalog = catalog;
        this.settings = settings;
        this.repository = repository;
        this.secret = secret;
    }

    /** Finds the repository and makes sure that this host may write to it. */
    static BackupRun prepare(Session session, Catalog catalog, BackupSettings settings) throws IOException {
        Repository found = session.repository();
        RepositorySecret secret = session.secretForWriting(found);
        return new BackupRun(session, catalog, settings, pinThisHost(session, found, secret), secret);
    }

    Repository repository() {
        return repository;
    }

    /** Backs up one source; progress is shown meanwhile, the result is not. */
    Done run(SourceName name, RecordedBackup.Opening opening, Console console) throws IOException {
        byte[] id = new byte[RunId.BYTES];
        session.random().nextBytes(id);
        return run(RunId.of(id), name, opening, console);
    }

    /** The same for a run that is planned. */
    Done run(RunId run, SourceName name, RecordedBackup.Opening opening, Console console) throws IOException {
        long begun = System.nanoTime();
        RunProgress progress = new RunProgress();
        BackupPipeline pipeline = new BackupPipeline(
                repository,
                secret,
                repository.recipients(session.identities()),
                session.homeFolder().hostKey(),
                settings,
                Clock.systemUTC(),
                session.random());
        BackupResult result;
        try (Console.Showing _ = console.show("backup " + name, progress)) {
            result = new RecordedBackup(catalog, session.homeFolder().owner(), pipeline)
                    .run(run, repository.descriptor().repository(), name, opening, progress);
        }
        return new Done(result, (System.nanoTime() - begun) / 1e9);
    }

    /** A host that holds the repository secret may add its own signing key. */
    private static Repository pinThisHost(Session session, Repository found, RepositorySecret secret)
            throws IOException {
        HostKey.PublicHalf key = session.homeFolder().hostKey().publicHalf();
        Repository repository = found;
        for (int attempt = 1; repository.verified(secret).host(key.id()).isEmpty(); attempt++) {
            try {
                return repository.withHost(new Descriptor.Host(HostHome.hostName(), key), secret);
            } catch (StorageException.Rejected e) {
                // another host was quicker with the next generation
                if (e.reason() != StorageException.Reason.EXISTS || attempt == PIN_ATTEMPTS) {
                    throw e;
                }
                repository = session.repository();
            }
        }
        return repository;
    }

    /**
     * A backup that is whole.
     *
     * @param seconds how long it took, from before the source was opened
     */
    record Done(BackupResult result, double seconds) {
        int exitCode() {
            return result.warnings().isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
        }

        /** For people; warnings are left to the caller. */
        void say(Console console) {
            SnapshotHeader header = result.snapshot();
            long plain = header.plaintextBytes();
            String saved = plain == 0
                    ? ""
                    : String.format(Locale.ROOT, " (%.1f %% of it new on disk)", 100.0 * header.storedBytes() / plain);
            console.say("snapshot " + header.snapshot() + " of " + header.source() + " is whole");
            console.say("  read " + Console.bytes(plain) + " in " + result.streams() + " streams, stored "
                    + Console.bytes(header.storedBytes()) + saved + ", " + result.newChunks() + " of "
                    + result.chunks() + " chunks new, " + String.format(Locale.ROOT, "%.1f s", seconds));
        }

        /** For machines. */
        Map<String, Object> map() {
            SnapshotHeader header = result.snapshot();
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("command", "backup");
            map.put("status", result.warnings().isEmpty() ? "done" : "done with warnings");
            map.put("source", header.source().text());
            map.put("snapshot", header.snapshot().hex());
            map.put("consistency", header.consistency().name().toLowerCase(Locale.ROOT));
            map.put("streams", result.streams());
            map.put("bytesRead", header.plaintextBytes());
            map.put("bytesStored", header.storedBytes());
            map.put("chunks", result.chunks());
            map.put("newChunks", result.newChunks());
            map.put("seconds", seconds);
            map.put("warnings", result.warnings());
            return map;
        }
    }
}
