package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RepositoryCopy;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.Retry;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Copies a test repository into another storage, and looks whether the copy is worth anything. */
final class TestCopy {
    private final TestRepository test;
    final Storage from;
    final Storage to;

    /** Failures are final, so that a test can count calls. */
    TestCopy(TestRepository test, StorageDriver from, StorageDriver to) {
        this.test = test;
        this.from = new Storage(from, StorageOptions.DEFAULT.with(Retry.NEVER).withoutCallTimeout());
        this.to = new Storage(to, StorageOptions.DEFAULT.with(Retry.NEVER).withoutCallTimeout());
    }

    ReplicateReport run() throws IOException {
        return run(CopyScope.ALL, ReplicateSettings.DEFAULT, Clock.systemUTC());
    }

    ReplicateReport run(CopyScope scope, ReplicateSettings settings, Clock clock) throws IOException {
        Repository source = Repository.find(from).orElseThrow();
        RepositoryCopy copy = RepositoryCopy.open(source, to, RepositoryCopy.Unmarked.REFUSE, Optional.empty());
        return new ReplicatePipeline(source, copy, settings, clock).run(scope, () -> {}, new RunProgress());
    }

    Repository copy() throws IOException {
        return Repository.find(to).orElseThrow();
    }

    CheckReport check() throws IOException {
        return new CheckPipeline(copy(), Optional.of(test.secret), List.of(test.identity), 2, test.random)
                .run(Optional.empty(), CheckDepth.ALL_DATA, new RunProgress());
    }

    int snapshots() throws IOException {
        return copy().listSnapshots(Optional.empty()).size();
    }

    /** Everything in the copy can be read to its last byte. */
    void assertWhole(int snapshots) throws IOException {
        CheckReport report = check();
        assertThat(report.problems()).isEmpty();
        assertThat(report.snapshots()).isEqualTo(snapshots);
    }

    /** What someone gets who has only the copy and an identity. */
    byte[] restore(SnapshotHeader header) throws IOException {
        Repository copy = copy();
        var secret = copy.unlock(List.of(test.identity));
        SnapshotReader reader =
                SnapshotReader.open(copy, copy.readSnapshot(header.key()), secret, List.of(test.identity), 2);
        RecipeStream stream = reader.recipe().streams().getFirst();
        try (InputStream in = reader.open(stream, new RunProgress())) {
            return in.readAllBytes();
        }
    }
}
