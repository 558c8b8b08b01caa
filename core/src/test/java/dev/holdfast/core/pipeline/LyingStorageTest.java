package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.storage.FaultyDriver;
import dev.holdfast.core.storage.MemoryDriver;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A storage that answers well and does otherwise, and what strangers do to its objects. */
class LyingStorageTest {
    private static final byte[] NONE = new byte[0];

    private MemoryDriver objects = new MemoryDriver();
    private FaultyDriver faults = new FaultyDriver(objects);
    private TestRepository test;

    LyingStorageTest() throws IOException {
        test = make();
    }

    @BeforeEach
    void init() throws IOException {
        objects = new MemoryDriver();
        faults = new FaultyDriver(objects);
        test = make();
    }

    private TestRepository make() throws IOException {
        return new TestRepository(faults, X25519Identity.generate(new SecureRandom()), Chunking.CONTENT_DEFINED);
    }

    private static byte[] noise(long seed) {
        byte[] bytes = new byte[3_000_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private List<ObjectKey> keys(String prefix) {
        return objects.objects().keySet().stream()
                .filter(key -> key.text().startsWith(prefix))
                .toList();
    }

    private ForgetPipeline forget() {
        return new ForgetPipeline(test.repository, Clock.systemUTC());
    }

    @Test
    void aPackThatIsAcceptedAndLostEndsTheRun() throws IOException {
        faults.forgets = "packs/";
        assertThatThrownBy(() -> test.backup(noise(1)))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("does not have it");
        assertThat(keys("snapshots/")).isEmpty();
        faults.forgets = "none";
        assertThat(test.restore(test.backup(noise(1)).snapshot())).containsEntry("stream-0", noise(1));
    }

    @Test
    void aSnapshotThatIsAcceptedAndLostIsNoBackup() {
        faults.forgets = "snapshots/";
        assertThatThrownBy(() -> test.backup(noise(1)))
                .isInstanceOf(UncertainCommitException.class)
                .hasMessageContaining("does not have it");
        assertThat(keys("snapshots/")).isEmpty();
    }

    @Test
    void whatAListingLeavesOutIsStoredAgain() throws IOException {
        test.backup(noise(1));
        for (String hidden : List.of("packs/", "snapshots/")) {
            faults.hides = hidden;
            BackupResult again = test.backup(noise(1));
            assertThat(again.newChunks()).as("with %s hidden", hidden).isEqualTo(again.chunks());
            faults.hides = "none";
            assertThat(test.restore(again.snapshot())).containsEntry("stream-0", noise(1));
        }
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
    }

    @Test
    void aReadThatEndsEarlyIsNoEnd() throws IOException {
        BackupResult backup = test.backup(noise(1));
        for (String shortened : List.of("packs/", "snapshots/", "descriptor/")) {
            faults.shortens = shortened;
            assertThatThrownBy(() -> test.restore(backup.snapshot()))
                    .as("with %s cut", shortened)
                    .isInstanceOf(IOException.class);
        }
        faults.shortens = "packs/";
        assertThat(test.check(CheckDepth.ALL_DATA).problems())
                .singleElement()
                .asString()
                .contains("packs/");
    }

    @Test
    void withoutItsDescriptorARepositoryIsNotMadeAnew() throws IOException {
        test.backup(noise(1));
        keys("descriptor/").forEach(objects::delete);
        assertThatThrownBy(() -> Repository.find(test.storage))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("there are snapshots");
        assertThatThrownBy(() -> Repository.create(
                        test.storage,
                        RepositoryId.generate(test.random),
                        test.secret,
                        Chunking.FIXED,
                        List.of(test.identity.recipient()),
                        new Descriptor.Host("other", test.host.publicHalf()),
                        Instant.now(),
                        test.random))
                .isInstanceOf(FormatException.class);
        assertThat(keys("descriptor/")).isEmpty();
    }

    @Test
    void objectsOfOtherNamesArePassedOver() throws IOException {
        BackupResult backup = test.backup(noise(1));
        for (String stranger : List.of(
                "descriptor/.DS_Store",
                "descriptor/00000001 (1)",
                "descriptor/zzz",
                "snapshots/.DS_Store",
                "snapshots/x y/20261119T020000Z-0123456789abcdef",
                "snapshots/shop-db/zzz",
                "snapshots/shop-db/99999999T999999Z-0123456789abcdef",
                "snapshots/shop-db/deeper/20261119T020000Z-0123456789abcdef",
                "packs/Thumbs.db",
                "packs/shop-db/zzz")) {
            objects.objects().put(new ObjectKey(stranger), NONE);
        }
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(test.check(CheckDepth.ALL_DATA).snapshots()).isEqualTo(1);
        assertThat(test.repository.sources()).containsExactly(TestRepository.SOURCE);
        assertThat(test.restore(backup.snapshot())).containsEntry("stream-0", noise(1));
        assertThat(forget().sweep(TestRepository.SOURCE, Duration.ZERO, () -> {})
                        .packs())
                .isZero();
    }

    @Test
    void aSnapshotOfNoBytesIsWorkedAroundAndCanBeRemoved() throws IOException {
        BackupResult first = test.backup(noise(1));
        objects.objects().put(first.snapshot().key(), NONE);
        BackupResult second = test.backup(noise(1));
        assertThat(second.warnings()).singleElement().asString().contains("damaged");
        assertThat(test.restore(second.snapshot())).containsEntry("stream-0", noise(1));
        assertThatThrownBy(() -> forget().sweep(TestRepository.SOURCE, Duration.ZERO, () -> {}))
                .hasMessageContaining("--damaged");
        assertThat(keys("packs/")).hasSize(2);
        assertThatThrownBy(() -> forget().forgetDamaged(second.snapshot().key(), () -> {}))
                .hasMessageContaining("is whole");
        forget().forgetDamaged(first.snapshot().key(), () -> {});
        assertThat(forget().sweep(TestRepository.SOURCE, Duration.ZERO, () -> {})
                        .packs())
                .isEqualTo(1);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(test.restore(second.snapshot())).containsEntry("stream-0", noise(1));
    }

    @Test
    void anOlderPackOfTheSameSizeInItsPlaceIsFound() throws IOException {
        BackupResult first = test.backup(noise(1));
        BackupResult second = test.backup(noise(2));
        ObjectKey older = test.repository.packKey(
                TestRepository.SOURCE, first.snapshot().packs().getFirst().id());
        ObjectKey newer = test.repository.packKey(
                TestRepository.SOURCE, second.snapshot().packs().getFirst().id());
        byte[] replay = java.util.Arrays.copyOf(objects.bytes(older), objects.bytes(newer).length);
        objects.objects().put(newer, replay);
        assertThatThrownBy(() -> test.restore(second.snapshot())).hasMessageContaining(newer.text());
        assertThat(test.check(CheckDepth.ALL_DATA).problems())
                .singleElement()
                .asString()
                .contains(newer.text());
        assertThat(test.restore(first.snapshot())).containsEntry("stream-0", noise(1));
    }

    @Test
    void aClockThatWentBackIsTold() throws IOException {
        BackupResult first = test.backup(noise(1));
        test.now = test.now.minus(Duration.ofDays(30));
        BackupResult second = test.backup(noise(2));
        assertThat(second.warnings())
                .singleElement()
                .asString()
                .contains("a clock was or is wrong")
                .contains(first.snapshot().key().text());
        assertThat(test.restore(first.snapshot())).containsEntry("stream-0", noise(1));
        assertThat(test.restore(second.snapshot())).containsEntry("stream-0", noise(2));
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        Snapshot newest = test.repository.readSnapshot(test.repository
                .listSnapshots(Optional.of(TestRepository.SOURCE))
                .getLast()
                .key());
        assertThat(newest.header()).isEqualTo(first.snapshot());
    }
}
