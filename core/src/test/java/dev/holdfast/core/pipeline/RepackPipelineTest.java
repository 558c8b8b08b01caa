package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.pipeline.RepackPipeline.Repacked;
import dev.holdfast.core.repository.Hold;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepackPipelineTest {
    private final TestRepository test = TestRepository.inMemory();
    private final Holds holds = new Holds(test.repository, test.secret);

    RepackPipelineTest() throws IOException {}

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The beginning of the first content, followed by something of its own. */
    private static byte[] content(long seed, int common, int own) {
        byte[] first = random(0, 24_000_000);
        byte[] bytes = Arrays.copyOf(first, common + own);
        System.arraycopy(random(seed, own), 0, bytes, common, own);
        return bytes;
    }

    private SnapshotHeader backup(byte[] content) throws IOException {
        return test.backup(content).snapshot();
    }

    private void forget(SnapshotHeader snapshot) throws IOException {
        new ForgetPipeline(test.repository, Clock.systemUTC())
                .forget(test.repository.readSnapshot(snapshot.key()), () -> {});
    }

    private RepackPipeline pipeline() {
        return new RepackPipeline(
                test.repository, test.secret, test.host, holds, SnapshotSurvey.Locks.NONE, test.random);
    }

    private Repacked repack() throws IOException {
        return pipeline().run(TestRepository.SOURCE, () -> {});
    }

    private long storedBytes() throws IOException {
        return test.repository.listPacks(TestRepository.SOURCE).values().stream()
                .mapToLong(StoredObject::bytes)
                .sum();
    }

    private List<SnapshotHeader> headers() throws IOException {
        List<SnapshotHeader> headers = new ArrayList<>();
        for (StoredObject object : test.repository.listSnapshots(Optional.empty())) {
            headers.add(test.repository.readSnapshot(object.key()).header());
        }
        return headers;
    }

    private void assertHolds(SnapshotHeader snapshot, byte[] content) throws IOException {
        assertThat(Arrays.equals(test.restore(snapshot).get("stream-0"), content))
                .isTrue();
    }

    @Test
    void whatIsNeededOfAMostlyDeadPackIsMovedAsItIs() throws IOException {
        SnapshotHeader first = backup(content(1, 24_000_000, 0));
        byte[] second = content(2, 6_000_000, 2_000_000);
        byte[] third = content(3, 4_000_000, 3_000_000);
        SnapshotHeader old = backup(second);
        backup(third);
        forget(first);
        long before = storedBytes();
        Repacked repacked = repack();
        assertThat(repacked.snapshots()).isEqualTo(2);
        assertThat(repacked.oldPacks()).isEqualTo(1);
        assertThat(repacked.newPacks()).isEqualTo(1);
        assertThat(before - storedBytes()).isEqualTo(repacked.freedBytes()).isGreaterThan(12_000_000);
        List<SnapshotHeader> now = headers();
        assertThat(now).hasSize(2);
        assertHolds(now.get(0), second);
        assertHolds(now.get(1), third);
        assertThat(now.get(0).snapshot()).isNotEqualTo(old.snapshot());
        assertThat(now.get(0))
                .extracting(
                        SnapshotHeader::started,
                        SnapshotHeader::finished,
                        SnapshotHeader::runs,
                        SnapshotHeader::plaintextBytes)
                .containsExactly(old.started(), old.finished(), old.runs(), old.plaintextBytes());
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(test.checkWithoutKeys(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(test.backup(third).newChunks()).isZero();
        assertThat(repack().oldPacks()).isZero();
    }

    @Test
    void whatIsWellUsedStays() throws IOException {
        SnapshotHeader first = backup(content(1, 24_000_000, 0));
        backup(content(2, 14_000_000, 1_000_000));
        forget(first);
        long before = storedBytes();
        Repacked repacked = repack();
        assertThat(repacked.oldPacks()).isZero();
        assertThat(repacked.snapshots()).isZero();
        assertThat(storedBytes()).isEqualTo(before);
    }

    @Test
    void chunksOfSeveralRunsStayApart() throws IOException {
        SnapshotHeader first = backup(content(1, 24_000_000, 0));
        byte[] fresh = random(5, 20_000_000);
        SnapshotHeader second = backup(fresh);
        // two streams that begin as the two before them, so that their first chunks are the same wherever cuts fall
        byte[] one = Arrays.copyOf(random(0, 24_000_000), 5_000_000);
        byte[] two = Arrays.copyOf(fresh, 5_000_000);
        test.backup(one, two);
        forget(first);
        forget(second);
        Repacked repacked = repack();
        assertThat(repacked.oldPacks()).isEqualTo(2);
        assertThat(repacked.newPacks()).isEqualTo(2);
        var streams = test.restore(headers().getFirst());
        assertThat(Arrays.equals(streams.get("stream-0"), one)).isTrue();
        assertThat(Arrays.equals(streams.get("stream-1"), two)).isTrue();
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
    }

    @Test
    void heldSnapshotsAndTheirPacksAreLeftAlone() throws IOException {
        SnapshotHeader first = backup(content(1, 24_000_000, 0));
        SnapshotHeader held = backup(content(2, 5_000_000, 1_000_000));
        backup(content(3, 5_000_000, 1_000_000));
        forget(first);
        holds.place(new Hold(held.repository(), held.source(), held.snapshot(), "", "test", test.now));
        assertThat(repack().oldPacks()).isZero();
        holds.release(held.source(), held.snapshot());
        assertThat(repack().oldPacks()).isEqualTo(1);
    }

    @Test
    void aDamagedPackIsNotGivenANewName() throws IOException {
        SnapshotHeader first = backup(content(1, 24_000_000, 0));
        SnapshotHeader second = backup(content(2, 5_000_000, 1_000_000));
        forget(first);
        PackId pack = first.packs().getFirst().id();
        var key = test.repository.packKey(TestRepository.SOURCE, pack);
        byte[] bytes;
        try (var in = test.storage.get(key, ByteRange.ALL).orElseThrow()) {
            bytes = in.readAllBytes();
        }
        bytes[1000] ^= 1;
        test.storage.put(key, Body.of(bytes), PutMode.REPLACE);
        Repacked repacked = repack();
        assertThat(repacked.damaged()).containsExactly(pack);
        assertThat(repacked.oldPacks()).isZero();
        assertThat(headers()).containsExactly(second);
        assertThat(test.checkWithoutKeys(CheckDepth.ALL_DATA).problems()).isNotEmpty();
    }

    /** The guard is asked before each step that changes something: it fails at each of them in turn. */
    @Test
    void interruptedAnywhereEverythingComesBackAndTheNextRunEndsIt() throws IOException {
        for (int step = 0; step < 20; step++) {
            RepackPipelineTest one = new RepackPipelineTest();
            if (one.interruptedAt(step)) {
                assertThat(step).isGreaterThan(4);
                return;
            }
        }
        throw new AssertionError("a repack of two snapshots has no 20 steps");
    }

    /** Whether it ended before that step came. */
    private boolean interruptedAt(int step) throws IOException {
        SnapshotHeader first = backup(content(1, 24_000_000, 0));
        byte[] second = content(2, 6_000_000, 2_000_000);
        byte[] third = content(3, 4_000_000, 3_000_000);
        backup(second);
        backup(third);
        forget(first);
        int[] calls = {0};
        boolean ended = false;
        try {
            pipeline().run(TestRepository.SOURCE, () -> {
                if (calls[0]++ == step) {
                    throw new IOException("interrupted at step " + step);
                }
            });
            ended = true;
        } catch (IOException e) {
            assertThat(e).hasMessage("interrupted at step " + step);
        }
        for (SnapshotHeader header : headers()) {
            assertHolds(header, header.plaintextBytes() == second.length ? second : third);
        }
        repack();
        new ForgetPipeline(test.repository, Clock.systemUTC())
                .sweep(TestRepository.SOURCE, java.time.Duration.ZERO, () -> {});
        assertThat(headers()).hasSize(2);
        assertHolds(headers().get(0), second);
        assertHolds(headers().get(1), third);
        assertThat(storedBytes()).isLessThan(20_000_000);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        return ended;
    }

    @Test
    void aHostThatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> new RepackPipeline(
                        test.repository,
                        test.secret,
                        HostKey.generate(test.random),
                        holds,
                        SnapshotSurvey.Locks.NONE,
                        test.random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not know this host");
    }
}
