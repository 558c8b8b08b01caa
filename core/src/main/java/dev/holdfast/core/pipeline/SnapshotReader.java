package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.repository.SnapshotHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The content of one snapshot, for who holds a key that opens it. */
public final class SnapshotReader {
    private final Repository repository;
    private final SnapshotHeader header;
    private final Recipe recipe;
    private final SnapshotKeys keys;
    private final ChunkIdentifier identifier;
    private final int threads;

    private SnapshotReader(
            Repository repository,
            SnapshotHeader header,
            Recipe recipe,
            SnapshotKeys keys,
            ChunkIdentifier identifier,
            int threads) {
        this.repository = repository;
        this.header = header;
        this.recipe = recipe;
        this.keys = keys;
        this.identifier = identifier;
        this.threads = threads;
    }

    /**
     * Opens recipe and keys.
     *
     * @param threads pieces of 8 MiB fetched and opened at the same time; takes about 25 MiB of memory each
     * @throws dev.holdfast.core.crypto.WrongKeyException when no identity fits
     */
    public static SnapshotReader open(
            Repository repository, Snapshot snapshot, RepositorySecret secret, List<Identity> identities, int threads)
            throws IOException {
        SnapshotKeys keys = SnapshotKeys.open(snapshot.header(), identities);
        Recipe recipe = repository.recipe(snapshot, secret);
        return new SnapshotReader(repository, snapshot.header(), recipe, keys, secret.chunkIdentifier(), threads);
    }

    public SnapshotHeader header() {
        return header;
    }

    public Recipe recipe() {
        return recipe;
    }

    /**
     * Reads one stream. It ends only after every byte was authenticated and its length and digest were found right; before that it throws. Close
     * it in any case.
     */
    public InputStream open(RecipeStream stream, RunProgress progress) {
        progress.stream(stream.name());
        return new RestoreStream(
                repository,
                header,
                recipe,
                stream,
                threads,
                () -> new ChunkOpener(keys.ciphers(), identifier.copy()),
                progress);
    }
}
