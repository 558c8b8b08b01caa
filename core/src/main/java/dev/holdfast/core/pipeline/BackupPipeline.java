package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.RunKey;
import dev.holdfast.core.crypto.WrappedKey;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.CopyMark;
import dev.holdfast.core.repository.NotPrimaryException;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.RecipeWriter;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RunKeys;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.repository.SnapshotHeader.PacksSeen;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Backs up one source: its streams become chunks, new chunks become packs, and at the end one snapshot object makes them count. A failure
 * anywhere leaves no snapshot, and removes the packs of the run where the storage allows it.
 *
 * <p>Memory: four buffers of 16 MiB and one for each further stream that is read at the same time, a pack of 32 MiB for each upload and one that fills, 4 MiB for each thread, and about 130 bytes for each chunk of the source.
 */
public final class BackupPipeline {
    private static final int STATS_AT_MOST = 16;

    private final Repository repository;
    private final RepositorySecret secret;
    private final List<Recipient> recipients;
    private final HostKey host;
    private final BackupSettings settings;
    private final Clock clock;
    private final SecureRandom random;

    /**
     * @param recipients everyone the repository is sealed to, as {@link Repository#recipients} gives them
     * @param host this host's signing key, pinned in the descriptor
     */
    public BackupPipeline(
            Repository repository,
            RepositorySecret secret,
            List<Recipient> recipients,
            HostKey host,
            BackupSettings settings,
            Clock clock,
            SecureRandom random) {
        this.repository = repository;
        this.secret = secret;
        this.recipients = List.copyOf(recipients);
        this.host = host;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    Repository repository() {
        return repository;
    }

    /**
     * Runs one backup and closes the source.
     *
     * @throws NotPrimaryException when the storage holds a copy
     * @throws IOException when the source, the storage or the guard fails; nothing was committed then
     */
    public BackupResult run(RunId id, SourceName name, BackupSource source, CommitGuard guard, RunProgress progress)
            throws IOException {
        Instant started = clock.instant();
        RunKey key = RunKey.generate(id, random);
        List<WrappedKey> wrapped = recipients.stream()
                .map(recipient -> key.wrapFor(recipient, repository.descriptor().repository(), random))
                .toList();
        EarlierChunks earlier;
        try {
            refuseCopy();
            earlier = EarlierChunks.load(repository, name, secret, recipients);
        } catch (IOException | RuntimeException | Error e) {
            closeAfter(source, e);
            throw e;
        }
        PackWriter packs = new PackWriter(
                repository,
                name,
                id,
                () -> secret.indexCipher(repository.descriptor().repository()),
                settings.uploads(),
                random,
                progress);
        SnapshotId snapshot = newSnapshotId();
        RecipeWriter recipe =
                new RecipeWriter(secret.indexCipher(repository.descriptor().repository()), snapshot, random);
        StreamBackup streams = new StreamBackup(
                repository.descriptor().chunking(), secret, key, earlier, packs, recipe, settings, random, progress);
        try {
            Read read = read(source, streams, packs, new RunKeys(id, wrapped));
            PacksSeen seen = look(name, read.summary().reusedPacks());
            SnapshotHeader header = new SnapshotHeader(
                    repository.descriptor().repository(),
                    snapshot,
                    name,
                    source.engine(),
                    host.publicHalf().id(),
                    started,
                    clock.instant(),
                    source.consistency(),
                    read.summary().plaintextBytes(),
                    read.newPacks().stream().mapToLong(PackRef::bytes).sum(),
                    seen,
                    read.summary().packs(),
                    read.summary().runs());
            List<String> warnings = new ArrayList<>(earlier.warnings());
            warnings.addAll(source.warnings());
            earlier.outOfOrder(header.finished()).ifPresent(warnings::add);
            BackupResult result = new BackupResult(
                    header,
                    read.summary().streams(),
                    read.summary().chunks(),
                    read.summary().newChunks(),
                    warnings);
            guard.verify();
            commit(header, read.summary().recipe());
            // nothing may fail from here on: what failed would take the packs of a snapshot that exists
            return result;
        } catch (UncertainCommitException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            packs.abandon(e);
            throw e;
        }
    }

    /** Who may not look is not kept from writing. */
    private void refuseCopy() throws IOException {
        boolean copy;
        try {
            copy = CopyMark.isCopy(repository.storage());
        } catch (StorageException.Denied e) {
            copy = false;
        }
        if (copy) {
            throw new NotPrimaryException();
        }
    }

    /** Reads the source to its end, stores its packs, and closes everything: a source that fails to close has failed. */
    private static Read read(BackupSource source, StreamBackup streams, PackWriter packs, RunKeys run)
            throws IOException {
        try (packs;
                source;
                streams) {
            streams.readAll(source);
            Map<String, Object> evidence = source.evidence();
            List<PackRef> stored = packs.finish();
            return new Read(stored, streams.finish(stored, run, evidence));
        }
    }

    /** All that a run read. */
    private record Read(List<PackRef> newPacks, StreamBackup.Summary summary) {}

    private static void closeAfter(BackupSource source, Throwable failure) {
        try {
            source.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private SnapshotId newSnapshotId() {
        byte[] bytes = new byte[SnapshotId.BYTES];
        random.nextBytes(bytes);
        return SnapshotId.of(bytes);
    }

    /** Every pack that is reused must be there now, with its length; by one listing, or by a look at each if they are few. */
    private PacksSeen look(SourceName name, List<PackRef> reused) throws IOException {
        try {
            if (reused.size() <= STATS_AT_MOST) {
                for (PackRef pack : reused) {
                    require(name, pack, repository.storage().stat(repository.packKey(name, pack.id())));
                }
            } else {
                var stored = repository.listPacks(name);
                for (PackRef pack : reused) {
                    require(name, pack, Optional.ofNullable(stored.get(pack.id())));
                }
            }
            return PacksSeen.YES;
        } catch (StorageException.Denied e) {
            return PacksSeen.NO;
        }
    }

    private void require(SourceName name, PackRef pack, Optional<StoredObject> object) throws IOException {
        boolean whole = object.map(found -> found.bytes() == pack.bytes()).orElse(false);
        if (!whole) {
            throw new StorageException.Corrupt(
                    repository.packKey(name, pack.id())
                            + " was there when the backup began and is gone or cut now; run the backup again",
                    null);
        }
    }

    /**
     * A refusal leaves nothing. A put that was lost on the way may have arrived, or may arrive yet: the snapshot is removed again if
     * it is there, and its packs stay in any case, for a later sweep.
     */
    private void commit(SnapshotHeader header, List<byte[]> recipe) throws IOException {
        try {
            repository.commit(header, recipe, host);
        } catch (StorageException.Rejected | StorageException.Denied e) {
            throw e;
        } catch (IOException e) {
            try {
                repository.storage().delete(header.key());
            } catch (IOException uncertain) {
                e.addSuppressed(uncertain);
            }
            throw new UncertainCommitException(
                    "the snapshot could not be stored for certain (" + e.getMessage()
                            + "); its packs are left for a later sweep",
                    e);
        }
    }
}
