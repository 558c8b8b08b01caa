package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.pipeline.RetentionPipeline.Insistence;
import dev.holdfast.core.repository.Hold;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.retention.RetentionPlan;
import dev.holdfast.core.retention.RetentionPlan.Fate;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.SnapshotFacts.Standing;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetentionPipelineTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    private final TestRepository test = TestRepository.inMemory();
    private final Holds holds = new Holds(test.repository, test.secret);

    RetentionPipelineTest() throws IOException {}

    private RetentionPipeline pipeline() {
        return new RetentionPipeline(
                test.repository, holds, SnapshotSurvey.Locks.NONE, Clock.fixed(test.now, ZoneOffset.UTC));
    }

    private static byte[] content(long seed) {
        byte[] bytes = new byte[3_000_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private List<SnapshotHeader> backups(int count) throws IOException {
        List<SnapshotHeader> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(test.backup(content(i)).snapshot());
        }
        return made;
    }

    private RetentionPipeline.Result keepLast(int snapshots, Insistence insistence) throws IOException {
        return pipeline().run(TestRepository.SOURCE, RetentionPolicy.keepLast(snapshots), ZONE, insistence, () -> {});
    }

    private void hold(SnapshotHeader snapshot, RepositorySecret secret) throws IOException {
        new Holds(test.repository, secret)
                .place(new Hold(
                        snapshot.repository(), snapshot.source(), snapshot.snapshot(), "audit", "test", test.now));
    }

    @Test
    void removesSnapshotsAndWhatTheyAloneNeeded() throws IOException {
        List<SnapshotHeader> made = backups(4);
        RetentionPipeline.Result result = keepLast(2, Insistence.ONCE);
        assertThat(result.forgotten().snapshots()).isEqualTo(2);
        assertThat(result.forgotten().packs()).isEqualTo(2);
        assertThat(test.repository.listSnapshots(Optional.empty())).hasSize(2);
        assertThat(test.repository.listPacks(TestRepository.SOURCE)).hasSize(2);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(Arrays.equals(test.restore(made.getLast()).get("stream-0"), content(3)))
                .isTrue();
        assertThat(keepLast(2, Insistence.ONCE).forgotten().snapshots()).isZero();
    }

    @Test
    void moreThanHalfGoesOnlyWhenItIsAskedForTwice() throws IOException {
        backups(4);
        assertThatThrownBy(() -> keepLast(1, Insistence.ONCE))
                .isInstanceOf(DrasticPlanException.class)
                .hasMessageContaining("3 of 4 snapshots");
        assertThat(test.repository.listSnapshots(Optional.empty())).hasSize(4);
        assertThat(keepLast(1, Insistence.TWICE).forgotten().snapshots()).isEqualTo(3);
    }

    @Test
    void aHeldSnapshotStaysUntilItIsReleased() throws IOException {
        List<SnapshotHeader> made = backups(2);
        hold(made.getFirst(), test.secret);
        assertThatThrownBy(() -> hold(made.getFirst(), test.secret)).isInstanceOf(StorageException.Rejected.class);
        assertThat(keepLast(1, Insistence.ONCE).forgotten().snapshots()).isZero();
        assertThat(holds.reasons(TestRepository.SOURCE))
                .containsEntry(made.getFirst().snapshot(), "audit");
        var snapshot = test.repository.readSnapshot(made.getFirst().key());
        assertThatThrownBy(() -> new ForgetPipeline(test.repository, Clock.systemUTC()).forget(snapshot, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is held");
        assertThat(holds.release(TestRepository.SOURCE, made.getFirst().snapshot()))
                .isEqualTo(Holds.Outcome.RELEASED);
        assertThat(holds.release(TestRepository.SOURCE, made.getFirst().snapshot()))
                .isEqualTo(Holds.Outcome.WAS_NOT_HELD);
        assertThat(keepLast(1, Insistence.ONCE).forgotten().snapshots()).isEqualTo(1);
    }

    @Test
    void aForgedOrDamagedHoldHoldsAndSaysSo() throws IOException {
        List<SnapshotHeader> made = backups(3);
        hold(made.getFirst(), RepositorySecret.generate(test.random));
        ObjectKey other = new ObjectKey(
                "holds/" + TestRepository.SOURCE + "/" + made.get(1).snapshot());
        test.storage.put(other, Body.of(new byte[] {1, 2, 3}), PutMode.IF_ABSENT);
        RetentionPlan plan = keepLast(1, Insistence.TWICE).plan();
        assertThat(plan.deletions()).isEmpty();
        assertThat(plan.verdicts())
                .filteredOn(verdict -> verdict.snapshot().hold().isPresent())
                .hasSize(2)
                .allSatisfy(verdict -> assertThat(verdict.reasons().getFirst()).contains("cannot be trusted"));
    }

    @Test
    void aHoldOfOneSnapshotIsNotThatOfAnother() throws IOException {
        List<SnapshotHeader> made = backups(2);
        hold(made.getFirst(), test.secret);
        String prefix = "holds/" + TestRepository.SOURCE + "/";
        byte[] object;
        try (var in = test.storage
                .get(new ObjectKey(prefix + made.getFirst().snapshot()), dev.holdfast.core.storage.ByteRange.ALL)
                .orElseThrow()) {
            object = in.readAllBytes();
        }
        test.storage.put(new ObjectKey(prefix + made.getLast().snapshot()), Body.of(object), PutMode.IF_ABSENT);
        assertThat(holds.reasons(TestRepository.SOURCE).get(made.getLast().snapshot()))
                .contains("is a hold of another snapshot");
    }

    @Test
    void aSnapshotWhosePackIsGoneIsNotCounted() throws IOException {
        List<SnapshotHeader> made = backups(3);
        PackRef pack = made.getLast().packs().getFirst();
        test.storage.delete(test.repository.packKey(TestRepository.SOURCE, pack.id()));
        RetentionPlan plan = pipeline().plan(TestRepository.SOURCE, RetentionPolicy.keepLast(2), ZONE);
        assertThat(plan.verdicts())
                .extracting(verdict -> verdict.snapshot().standing())
                .containsExactly(Standing.FAILED, Standing.GOOD, Standing.GOOD);
        assertThat(plan.verdicts()).extracting(RetentionPlan.Verdict::fate).containsOnly(Fate.KEEP);
    }

    @Test
    void anEmptyDumpPushesNoFullOneOut() throws IOException {
        backups(4);
        for (int i = 0; i < 4; i++) {
            test.backup(new byte[10]);
        }
        RetentionPlan plan = keepLast(4, Insistence.ONCE).plan();
        assertThat(plan.deletions()).isEmpty();
        assertThat(plan.verdicts())
                .filteredOn(verdict -> verdict.snapshot().standing() == Standing.SUSPICIOUS)
                .hasSize(4);
    }

    @Test
    void oneThatCannotBeReadStopsEverything() throws IOException {
        List<SnapshotHeader> made = backups(3);
        test.storage.put(made.getFirst().key(), Body.of(new byte[] {1}), PutMode.REPLACE);
        assertThatThrownBy(() -> keepLast(1, Insistence.TWICE)).hasMessageContaining("--damaged");
        assertThat(test.repository.listSnapshots(Optional.empty())).hasSize(3);
    }
}
