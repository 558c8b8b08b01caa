package dev.holdfast.core.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.pipeline.SnapshotReader;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StoredObject;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an earlier build wrote must stay readable; what this build writes must look the same. */
class FormatVectorsTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors/format-1");

    @ParameterizedTest
    @ValueSource(strings = {"x25519.key", "master.key"})
    void theKeptRepositoryIsReadable(String keyFile) throws IOException {
        assertReadable(VECTORS, keyFile);
    }

    @Test
    void aFreshOneIsReadableTheSameWay(@TempDir Path folder) throws IOException {
        WriteVectors.write(folder);
        assertReadable(folder, "x25519.key");
    }

    private static void assertReadable(Path folder, String keyFile) throws IOException {
        List<Identity> identities = Identity.parseFile(Files.readString(folder.resolve(keyFile)));
        try (Storage storage = new Storage(new LocalDriver(folder.resolve("repository")))) {
            Repository repository = Repository.find(storage).orElseThrow();
            RepositorySecret secret = repository.unlock(identities);
            List<StoredObject> snapshots = repository.listSnapshots(Optional.empty());
            assertThat(snapshots).hasSize(3);
            for (StoredObject object : snapshots) {
                Snapshot snapshot = repository.readSnapshot(object.key());
                SnapshotReader reader = SnapshotReader.open(repository, snapshot, secret, identities, 2);
                assertThat(reader.recipe().streams()).hasSize(WriteVectors.STREAMS.size());
                for (RecipeStream stream : reader.recipe().streams()) {
                    try (InputStream in = reader.open(stream, new RunProgress())) {
                        assertThat(in.readAllBytes()).isEqualTo(WriteVectors.STREAMS.get(stream.name()));
                    }
                }
            }
        }
    }
}
