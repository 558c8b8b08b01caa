package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.CopyMark;
import dev.holdfast.core.repository.Hold;
import dev.holdfast.core.repository.Holds;
import dev.holdfast.core.repository.NotPrimaryException;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.RepositoryCopy;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.MemoryDriver;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a copy is: whole snapshots of one repository, and nothing of what is damaged. */
class ReplicateTest {
    private static final byte[] SHARED = noise(0);

    private TestRepository test;
    private MemoryDriver target = new MemoryDriver();
    private TestCopy copy;

    ReplicateTest() throws IOException {
        test = TestRepository.inMemory();
        copy = new TestCopy(test, test.driver, target);
    }

    @BeforeEach
    void init() throws IOException {
        test = TestRepository.inMemory();
        target = new MemoryDriver();
        copy = new TestCopy(test, test.driver, target);
    }

    private static byte[] noise(long seed) {
        byte[] bytes = new byte[1_500_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private SnapshotHeader backup(long seed) throws IOException {
        return test.backup(noise(seed), SHARED).snapshot();
    }

    private List<ObjectKey> keys(String prefix) {
        return target.objects().keySet().stream()
                .filter(key -> key.text().startsWith(prefix))
                .toList();
    }

    @Test
    void everySnapshotIsInTheCopyAndOpensWithTheSameKey() throws IOException {
        SnapshotHeader first = backup(1);
        SnapshotHeader second = backup(2);
        ReplicateReport report = copy.run();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.copied()).as("newest first").containsExactly(second.key(), first.key());
        assertThat(report.packs()).isEqualTo(2);
        copy.assertWhole(2);
        assertThat(copy.restore(first)).isEqualTo(noise(1));
        assertThat(copy.restore(second)).isEqualTo(noise(2));
        test.memory()
                .objects()
                .forEach((key, bytes) ->
                        assertThat(target.bytes(key)).as(key.text()).isEqualTo(bytes));
        assertThat(target.objects()).hasSize(test.memory().objects().size() + 1);
    }

    @Test
    void onlyWhatIsMissingIsCopied() throws IOException {
        backup(1);
        copy.run();
        assertThat(copy.run()).isEqualTo(new ReplicateReport(List.of(), 0, 0, 0, 0, List.of(), List.of()));
        SnapshotHeader second = backup(2);
        ReplicateReport report = copy.run();
        assertThat(report.copied()).containsExactly(second.key());
        assertThat(report.bytes()).isEqualTo(second.storedBytes());
        copy.assertWhole(2);
    }

    @Test
    void oneSnapshotOrOneSourceIsCopiedWhenAskedFor() throws IOException {
        SnapshotHeader first = backup(1);
        backup(2);
        CopyScope one = CopyScope.of(TestRepository.SOURCE, first.key());
        assertThat(copy.run(one, ReplicateSettings.DEFAULT, Clock.systemUTC()).copied())
                .containsExactly(first.key());
        copy.assertWhole(1);
        CopyScope other = CopyScope.of(new SourceName("other"));
        assertThat(copy.run(other, ReplicateSettings.DEFAULT, Clock.systemUTC()).copied())
                .isEmpty();
    }

    @Test
    void aCopyHasARetentionOfItsOwn() throws IOException {
        SnapshotHeader first = backup(1);
        SnapshotHeader second = backup(2);
        copy.run();
        new ForgetPipeline(copy.copy(), Clock.systemUTC()).forget(copy.copy().readSnapshot(first.key()), () -> {});
        copy.assertWhole(1);
        CopyScope newest = CopyScope.ALL.where(object -> !object.key().equals(first.key()));
        assertThat(copy.run(newest, ReplicateSettings.DEFAULT, Clock.systemUTC())
                        .copied())
                .as("what it removed does not come back")
                .isEmpty();
        new ForgetPipeline(test.repository, Clock.systemUTC())
                .forget(test.repository.readSnapshot(second.key()), () -> {});
        assertThat(copy.restore(second)).as("what the source forgot stays").isEqualTo(noise(2));
        assertThat(copy.run(newest, ReplicateSettings.DEFAULT, Clock.systemUTC())
                        .problems())
                .isEmpty();
    }

    @Test
    void whatIsHeldIsHeldInTheCopyToo() throws IOException {
        SnapshotHeader first = backup(1);
        Hold hold = new Hold(first.repository(), first.source(), first.snapshot(), "a lawsuit", "test", test.now);
        new Holds(test.repository, test.secret).place(hold);
        copy.run();
        assertThat(new Holds(copy.copy(), test.secret).reasons(first.source()))
                .containsEntry(first.snapshot(), "a lawsuit");
        assertThatThrownBy(() -> new ForgetPipeline(copy.copy(), Clock.systemUTC())
                        .forget(copy.copy().readSnapshot(first.key()), () -> {}))
                .hasMessageContaining("is held");
        assertThat(copy.run().isComplete()).isTrue();
    }

    @Test
    void aDamagedPackIsToldAndNeverPassedOn() throws IOException {
        SnapshotHeader first = backup(1);
        SnapshotHeader second = backup(2);
        ObjectKey bad = test.repository.packKey(
                TestRepository.SOURCE, second.packs().getFirst().id());
        test.memory().bytes(bad)[100] ^= 1;
        ReplicateReport report = copy.run();
        assertThat(report.copied()).containsExactly(first.key());
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains(bad.text(), "do not fit its name", second.key().text());
        assertThat(target.objects()).doesNotContainKey(bad);
        copy.assertWhole(1);
        test.memory().bytes(bad)[100] ^= 1;
        assertThat(copy.run().isComplete()).isTrue();
        copy.assertWhole(2);
    }

    @Test
    void aPackThatIsMissingOrCutIsToldToo() throws IOException {
        SnapshotHeader first = backup(1);
        SnapshotHeader second = backup(2);
        ObjectKey bad = test.repository.packKey(
                TestRepository.SOURCE, second.packs().getFirst().id());
        byte[] whole = test.memory().bytes(bad);
        test.memory().objects().put(bad, java.util.Arrays.copyOf(whole, 50));
        assertThat(copy.run().problems()).singleElement().asString().contains(bad.text(), "ends");
        test.memory().objects().remove(bad);
        ReplicateReport report = copy.run();
        assertThat(report.problems()).singleElement().asString().contains(bad.text(), "is missing");
        assertThat(keys("snapshots/")).containsExactly(first.key());
    }

    @Test
    void aDamagedSnapshotIsToldAndNeverPassedOn() throws IOException {
        SnapshotHeader first = backup(1);
        SnapshotHeader second = backup(2);
        byte[] bytes = test.memory().bytes(second.key());
        bytes[bytes.length - 70] ^= 1;
        ReplicateReport report = copy.run();
        assertThat(report.copied()).containsExactly(first.key());
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains(second.key().text());
        assertThat(keys("snapshots/")).containsExactly(first.key());
    }

    @Test
    void aDescriptorThatSomeoneWithoutTheSecretChangedIsNotPassedOn() throws IOException {
        backup(1);
        copy.run();
        String json = new String(test.memory().bytes(new ObjectKey("descriptor/00000001")), StandardCharsets.US_ASCII);
        ObjectKey forged = new ObjectKey("descriptor/00000002");
        test.memory()
                .objects()
                .put(
                        forged,
                        json.replace("\"generation\":1", "\"generation\":2").getBytes(StandardCharsets.US_ASCII));
        Repository source = Repository.find(copy.from).orElseThrow();
        RepositoryCopy opened =
                RepositoryCopy.open(source, copy.to, RepositoryCopy.Unmarked.REFUSE, Optional.of(test.secret));
        assertThat(opened.problems()).singleElement().asString().contains(forged.text(), "not copied");
        assertThat(target.objects()).doesNotContainKey(forged);
    }

    @Test
    void aPlaceThatHoldsSomethingElseIsRefused() throws IOException {
        TestRepository other = TestRepository.inMemory();
        TestCopy wrong = new TestCopy(test, test.driver, other.driver);
        assertThatThrownBy(wrong::run)
                .isInstanceOf(StorageException.Rejected.class)
                .hasMessageContaining("another repository");
        assertThat(other.memory().objects()).hasSize(1);
    }

    @Test
    void theRepositoryItselfIsNeverTakenForACopy() throws IOException {
        backup(1);
        TestCopy onto = new TestCopy(test, test.driver, test.driver);
        assertThatThrownBy(onto::run)
                .isInstanceOf(StorageException.Rejected.class)
                .hasMessageContaining("not marked as a copy");
        backup(2);
    }

    @Test
    void aCopyMadeByOtherMeansIsAdoptedWhenSaid() throws IOException {
        backup(1);
        target.objects().putAll(test.memory().objects());
        assertThatThrownBy(copy::run).hasMessageContaining("--adopt");
        RepositoryCopy.open(
                Repository.find(copy.from).orElseThrow(), copy.to, RepositoryCopy.Unmarked.ADOPT, Optional.empty());
        assertThat(CopyMark.isCopy(copy.to)).isTrue();
        assertThat(copy.run().copied()).isEmpty();
    }

    @Test
    void aRunDoesNotWriteToACopyUntilItIsPromoted() throws IOException {
        backup(1);
        copy.run();
        test.repository = copy.copy();
        assertThatThrownBy(() -> backup(2)).isInstanceOf(NotPrimaryException.class);
        assertThat(keys("packs/")).hasSize(1);
        CopyMark.promote(copy.to);
        backup(2);
        copy.assertWhole(2);
        assertThatThrownBy(copy::run)
                .isInstanceOf(StorageException.Rejected.class)
                .hasMessageContaining("is now written to by runs");
    }

    @Test
    void aCopyThatWasWrittenToIsNotWrittenOver() throws IOException {
        backup(1);
        copy.run();
        byte[] theirs = target.bytes(new ObjectKey("descriptor/00000001")).clone();
        int at = new String(theirs, StandardCharsets.US_ASCII).indexOf("\"name\":\"test\"");
        theirs[at + 8] = 'b';
        target.objects().put(new ObjectKey("descriptor/00000001"), theirs);
        assertThatThrownBy(copy::run).hasMessageContaining("differs");
    }

    @Test
    void whatTheCopyLostIsMended() throws IOException {
        SnapshotHeader first = backup(1);
        backup(2);
        copy.run();
        keys("packs/").forEach(target::delete);
        keys("descriptor/").forEach(target::delete);
        target.objects().put(first.key(), new byte[10]);
        ReplicateSettings mend = ReplicateSettings.DEFAULT.with(ReplicateSettings.Present.MEND);
        ReplicateReport report = copy.run(CopyScope.ALL, mend, Clock.systemUTC());
        assertThat(report.isComplete()).isTrue();
        assertThat(report.copied()).isEmpty();
        assertThat(report.packs()).isEqualTo(2);
        copy.assertWhole(2);
    }

    @Test
    void aPassEndsBeforeItsTimeIsUpAndTheNextOneGoesOn() throws IOException {
        for (int i = 1; i <= 4; i++) {
            backup(i);
        }
        List<ObjectKey> all = new ArrayList<>();
        int passes = 0;
        ReplicateReport report;
        do {
            Ticking clock = new Ticking(); // a second at each look
            Instant deadline = clock.now.plusSeconds(15);
            // one transfer at a time: how often several look is not always the same
            ReplicateSettings settings =
                    ReplicateSettings.DEFAULT.withTransfers(1).withDeadline(deadline);
            report = copy.run(CopyScope.ALL, settings, clock);
            assertThat(clock.now).isBefore(deadline.plusSeconds(5));
            all.addAll(report.copied());
            copy.assertWhole(all.size());
            passes++;
            assertThat(passes).isLessThan(10);
        } while (!report.left().isEmpty());
        assertThat(passes).isGreaterThan(1);
        assertThat(all).hasSize(4).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void aSignalEndsAPassBetweenTwoObjects() throws IOException {
        backup(1);
        SnapshotHeader second = backup(2);
        AtomicInteger asked = new AtomicInteger();
        ReplicateReport report = copy.run(
                CopyScope.ALL,
                ReplicateSettings.DEFAULT.withStop(() -> asked.incrementAndGet() > 3),
                Clock.systemUTC());
        assertThat(report.left()).hasSize(1);
        assertThat(report.copied()).containsExactly(second.key());
        copy.assertWhole(1);
    }

    @Test
    void aGuardThatSaysNoEndsThePassBeforeTheNextObject() throws IOException {
        backup(1);
        Repository source = Repository.find(copy.from).orElseThrow();
        RepositoryCopy opened = RepositoryCopy.open(source, copy.to, RepositoryCopy.Unmarked.REFUSE, Optional.empty());
        ReplicatePipeline pipeline =
                new ReplicatePipeline(source, opened, ReplicateSettings.DEFAULT, Clock.systemUTC());
        CommitGuard lost = () -> {
            throw new IOException("the lease is lost");
        };
        assertThatThrownBy(() -> pipeline.run(CopyScope.ALL, lost, new RunProgress()))
                .hasMessageContaining("lease");
        assertThat(keys("packs/")).isEmpty();
        assertThat(keys("snapshots/")).isEmpty();
    }

    @Test
    void aLockIsNotPromisedWhereThereIsNone() throws IOException {
        backup(1);
        LockTerm term = new LockTerm(dev.holdfast.core.storage.ObjectLock.Mode.GOVERNANCE, Duration.ofDays(30));
        assertThatThrownBy(() -> copy.run(CopyScope.ALL, ReplicateSettings.DEFAULT.with(term), Clock.systemUTC()))
                .isInstanceOf(StorageException.Rejected.class)
                .hasMessageContaining("cannot lock objects");
        assertThat(keys("packs/")).isEmpty();
        Storage storage = copy.to;
        assertThatThrownBy(() -> new CopyAudit(Repository.find(storage).orElseThrow(), Optional.of(term)).run())
                .hasMessageContaining("cannot lock objects");
    }

    /** A clock that moves by a second whenever it is looked at. */
    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2026-11-29T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public synchronized Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }
    }
}
