package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.pipeline.AuditReport.Audited;
import dev.holdfast.core.pipeline.ForgetPipeline.Forgotten;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.s3.S3Driver;
import dev.holdfast.core.testing.Moto;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Copies that are locked, against moto 5.2.4, which keeps locks per version, refuses to delete a locked version, makes delete markers and refuses
 * locks in a bucket without. It does not enforce that a lock is never shortened, nor permissions: those are not proved here.
 */
class ImmutableCopyIT {
    private static final byte[] SHARED = noise(0);
    private static final LockTerm TERM = new LockTerm(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(30));
    private static Moto moto;

    @BeforeAll
    static void start() throws IOException {
        moto = Moto.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (moto != null) {
            moto.close();
        }
    }

    private final TestRepository test = TestRepository.inMemory();

    ImmutableCopyIT() throws IOException {}

    private static byte[] noise(long seed) {
        byte[] bytes = new byte[1_200_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private TestCopy copy(StorageSpec.S3 bucket, LockTerm term, String prefix) throws IOException {
        return new TestCopy(test, test.driver, Providers.open(bucket.with(term.atPut()), prefix));
    }

    private static ReplicateReport run(TestCopy copy, LockTerm term) throws IOException {
        return copy.run(CopyScope.ALL, ReplicateSettings.DEFAULT.with(term), Clock.systemUTC());
    }

    private static AuditReport audit(TestCopy copy, LockTerm term) throws IOException {
        return new CopyAudit(copy.copy(), Optional.of(term)).run();
    }

    @ParameterizedTest
    @EnumSource(ObjectLock.Mode.class)
    void everyObjectIsLockedAsLongAsWanted(ObjectLock.Mode mode) throws IOException {
        LockTerm term = new LockTerm(mode, Duration.ofDays(30));
        test.backup(noise(1), SHARED);
        test.backup(noise(2), SHARED);
        TestCopy copy = copy(moto.lockingBucket(), term, "copies/app/");
        assertThat(run(copy, term).isComplete()).isTrue();
        copy.assertWhole(2);
        AuditReport report = audit(copy, term);
        assertThat(report.objects()).hasSize(5).allSatisfy(object -> {
            assertThat(object.held().orElseThrow().mode()).isEqualTo(mode);
            assertThat(object.held().orElseThrow().until())
                    .isBetween(object.wantedUntil().orElseThrow(), Instant.now().plus(Duration.ofDays(32)));
        });
        assertThat(report.tooShort(Instant.now())).isEmpty();
        assertThat(report.allLockedUntil().orElseThrow()).isAfter(Instant.now().plus(Duration.ofDays(30)));
        assertThat(report.problems()).isEmpty();
        assertThat(report.deleted()).isEmpty();
    }

    @Test
    void theLockOfAPackIsLengthenedForANewerSnapshotThatNeedsIt() throws IOException {
        LockTerm day = new LockTerm(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(1));
        SnapshotHeader first = test.backup(noise(1), SHARED).snapshot();
        StorageSpec.S3 bucket = moto.lockingBucket();
        run(copy(bucket, day, ""), day);
        ObjectKey shared = test.repository.packKey(
                TestRepository.SOURCE, first.packs().getFirst().id());
        TestCopy copy = copy(bucket, TERM, "");
        Instant before = copy.to.lock(shared).orElseThrow().until();

        SnapshotHeader second = test.backup(noise(2), SHARED).snapshot();
        ReplicateReport report = run(copy, TERM);
        assertThat(report.locksExtended())
                .as("the shared pack and the descriptor")
                .isEqualTo(2);
        assertThat(copy.to.lock(shared).orElseThrow().until())
                .isAfter(before.plus(Duration.ofDays(28)))
                .isAfter(Instant.now().plus(Duration.ofDays(30)));
        AuditReport audit = audit(copy, TERM);
        assertThat(audit.tooShort(Instant.now()))
                .as("the first snapshot itself was locked for less; its pack is safe")
                .extracting(Audited::key)
                .containsExactly(first.key());
        assertThat(audit.objects()).extracting(Audited::key).contains(second.key(), shared);

        ReplicateSettings mend = ReplicateSettings.DEFAULT.with(TERM).with(ReplicateSettings.Present.MEND);
        copy.run(CopyScope.ALL, mend, Clock.systemUTC());
        assertThat(audit(copy, TERM).tooShort(Instant.now())).isEmpty();
        assertThat(run(copy, TERM).locksExtended()).as("nothing to do").isZero();
    }

    @Test
    void forgettingKeepsWhatIsLockedAndSaysUntilWhen() throws IOException {
        SnapshotHeader first = test.backup(noise(1), SHARED).snapshot();
        test.backup(noise(2), SHARED);
        TestCopy copy = copy(moto.lockingBucket(), TERM, "");
        run(copy, TERM);
        ForgetPipeline forget = new ForgetPipeline(copy.copy(), Clock.systemUTC());
        Forgotten forgotten = forget.forget(copy.copy().readSnapshot(first.key()), () -> {});
        assertThat(forgotten.snapshots()).isZero();
        assertThat(forgotten.packs()).isZero();
        assertThat(forgotten.kept()).singleElement().satisfies(kept -> {
            assertThat(kept.key()).isEqualTo(first.key());
            assertThat(kept.until().orElseThrow()).isAfter(Instant.now().plus(Duration.ofDays(29)));
        });
        copy.assertWhole(2);
        assertThat(audit(copy, TERM).deleted()).isEmpty();
    }

    @Test
    void whatIsNoLongerLockedIsRemovedWithItsVersions() throws IOException {
        SnapshotHeader only = test.backup(noise(1)).snapshot();
        StorageSpec.S3 bucket = moto.lockingBucket();
        // put by a clock of forty days ago: the lock has ended
        Instant past = Instant.now().minus(Duration.ofDays(40)).truncatedTo(ChronoUnit.SECONDS);
        StorageDriver then = new S3Driver(bucket.with(TERM.atPut()), Clock.fixed(past, ZoneOffset.UTC));
        TestCopy old = new TestCopy(test, test.driver, then);
        old.run();
        TestCopy copy = copy(bucket, TERM, "");
        Forgotten forgotten = new ForgetPipeline(copy.copy(), Clock.systemUTC())
                .forget(copy.copy().readSnapshot(only.key()), () -> {});
        assertThat(forgotten.kept()).isEmpty();
        assertThat(forgotten.packs()).isEqualTo(1);
        assertThat(copy.to.list("packs/")).isEmpty();
        assertThat(copy.to.listHidden("packs/"))
                .as("nothing is left to be paid for")
                .isEmpty();
        assertThat(copy.to.listHidden("snapshots/")).isEmpty();
    }

    @Test
    void whatSomeoneHidBehindDeleteMarkersIsFoundByTheAudit() throws IOException {
        SnapshotHeader snapshot = test.backup(noise(1)).snapshot();
        StorageSpec.S3 bucket = moto.lockingBucket();
        TestCopy copy = copy(bucket, TERM, "");
        run(copy, TERM);
        ObjectKey pack = test.repository.packKey(
                TestRepository.SOURCE, snapshot.packs().getFirst().id());
        Moto.hide(bucket, pack);
        AuditReport report = audit(copy, TERM);
        assertThat(report.deleted()).singleElement().satisfies(version -> {
            assertThat(version.key()).isEqualTo(pack);
            assertThat(version.bytes()).isEqualTo(snapshot.packs().getFirst().bytes());
            assertThat(version.lock().orElseThrow().until()).isAfter(Instant.now());
        });
        assertThat(report.problems()).singleElement().asString().contains(pack.text(), "is missing");
    }

    @Test
    void aBucketWithoutObjectLockIsNoImmutableCopy() throws IOException {
        test.backup(noise(1));
        TestCopy copy = copy(moto.plainBucket(), TERM, "");
        assertThatThrownBy(() -> run(copy, TERM))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("ObjectLockConfiguration");
        try (Storage storage = new Storage(Providers.open(moto.plainBucket()))) {
            TestCopy unlocked = new TestCopy(test, test.driver, Providers.open(moto.plainBucket()));
            unlocked.run();
            assertThat(Repository.find(storage)).isEmpty();
            assertThat(audit(unlocked, TERM).objects())
                    .extracting(Audited::held)
                    .containsOnly(Optional.empty());
            assertThat(audit(unlocked, TERM).tooShort(Instant.now())).hasSize(3);
        }
    }

    @Test
    void aComplianceLockIsNotSoftened() throws IOException {
        LockTerm strict = new LockTerm(ObjectLock.Mode.COMPLIANCE, Duration.ofDays(1));
        SnapshotHeader first = test.backup(noise(1), SHARED).snapshot();
        StorageSpec.S3 bucket = moto.lockingBucket();
        run(copy(bucket, strict, ""), strict);
        test.backup(noise(2), SHARED);
        TestCopy copy = copy(bucket, TERM, "");
        run(copy, TERM);
        ObjectKey shared = test.repository.packKey(
                TestRepository.SOURCE, first.packs().getFirst().id());
        HeldLock held = copy.to.lock(shared).orElseThrow();
        assertThat(held.mode()).isEqualTo(ObjectLock.Mode.COMPLIANCE);
        assertThat(held.until()).isAfter(Instant.now().plus(Duration.ofDays(30)));
    }
}
