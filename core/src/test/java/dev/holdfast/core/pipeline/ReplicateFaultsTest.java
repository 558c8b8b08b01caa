package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.HookedDriver;
import dev.holdfast.core.storage.MemoryDriver;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pass of copying that is cut off anywhere: what the copy has is whole, and the next pass brings the rest. */
class ReplicateFaultsTest {
    private static final int SNAPSHOTS = 3;
    private static final byte[] SHARED = noise(0);

    private TestRepository test;
    private final List<SnapshotHeader> snapshots = new ArrayList<>();

    ReplicateFaultsTest() throws IOException {
        test = TestRepository.inMemory();
    }

    @BeforeEach
    void init() throws IOException {
        test = TestRepository.inMemory();
        snapshots.clear();
        for (int i = 1; i <= SNAPSHOTS; i++) {
            snapshots.add(test.backup(noise(i), SHARED).snapshot());
        }
    }

    private static byte[] noise(long seed) {
        byte[] bytes = new byte[1_100_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Fails the call with this number and all that follow, as a storage does that went away. */
    private static final class FailsFrom implements HookedDriver.Hook {
        private final int number;
        private final AtomicInteger calls = new AtomicInteger();

        FailsFrom(int number) {
            this.number = number;
        }

        @Override
        public void at(String verb, String key) throws IOException {
            if (calls.incrementAndGet() >= number) {
                throw new StorageException.Unavailable("the storage is gone", null);
            }
        }

        boolean failed() {
            return calls.get() >= number;
        }
    }

    /** Where a call is cut off. */
    private enum Cut {
        SOURCE,
        TARGET_BEFORE_THE_CALL,
        TARGET_AFTER_THE_CALL
    }

    @Test
    void cutOffAtEveryCallItBecomesWholeWithTheNextPass() throws IOException {
        for (Cut cut : Cut.values()) {
            int cuts = 0;
            for (int number = 1; cutOffAt(cut, number); number++) {
                cuts++;
            }
            assertThat(cuts).as("calls of %s", cut).isGreaterThan(9);
        }
    }

    /** Whether the pass was cut off: false when it needed fewer calls. */
    private boolean cutOffAt(Cut cut, int number) throws IOException {
        MemoryDriver memory = new MemoryDriver();
        HookedDriver from = new HookedDriver(test.driver);
        HookedDriver to = new HookedDriver(memory);
        TestCopy cutting = new TestCopy(test, from, to);
        FailsFrom fails = new FailsFrom(number);
        switch (cut) {
            case SOURCE -> from.before = fails;
            case TARGET_BEFORE_THE_CALL -> to.before = fails;
            case TARGET_AFTER_THE_CALL -> to.after = fails;
        }
        TestCopy copy = new TestCopy(test, test.driver, memory);
        try {
            cutting.run();
        } catch (StorageException.Unavailable gone) {
            assertThat(fails.failed()).isTrue();
            if (memory.objects().keySet().stream().anyMatch(key -> key.text().startsWith("snapshots/"))) {
                copy.assertWhole(copy.snapshots());
            }
        }
        assertThat(copy.run().isComplete()).as("%s, call %s", cut, number).isTrue();
        copy.assertWhole(SNAPSHOTS);
        for (int i = 0; i < SNAPSHOTS; i++) {
            assertThat(copy.restore(snapshots.get(i))).isEqualTo(noise(i + 1));
        }
        return fails.failed();
    }

    @Test
    void twoAtOnceMakeOneCopy() throws Exception {
        for (int round = 0; round < 20; round++) {
            MemoryDriver memory = new MemoryDriver();
            TestCopy one = new TestCopy(test, test.driver, memory);
            TestCopy other = new TestCopy(test, test.driver, memory);
            try (ExecutorService both = Executors.newFixedThreadPool(2)) {
                List<Callable<ReplicateReport>> passes = List.of(one::run, other::run);
                for (Future<ReplicateReport> pass : both.invokeAll(passes)) {
                    assertThat(pass.get().isComplete()).isTrue();
                }
            }
            one.assertWhole(SNAPSHOTS);
            assertThat(memory.objects()).hasSize(test.memory().objects().size() + 1);
        }
    }

    @Test
    void aSnapshotThatTheSourceForgetsMeanwhileIsLeftOutWhole() throws IOException {
        SnapshotHeader going = snapshots.getLast();
        HookedDriver from = new HookedDriver(test.driver);
        TestCopy copy = new TestCopy(test, from, new MemoryDriver());
        AtomicBoolean done = new AtomicBoolean();
        from.before = (verb, key) -> {
            if (verb.equals("get") && key.startsWith("packs/") && done.compareAndSet(false, true)) {
                new ForgetPipeline(test.repository, Clock.systemUTC())
                        .forget(test.repository.readSnapshot(going.key()), () -> {});
            }
        };
        ReplicateReport report = copy.run(CopyScope.ALL, ReplicateSettings.DEFAULT.withTransfers(1), Clock.systemUTC());
        assertThat(done).isTrue();
        assertThat(report.problems()).isEmpty();
        assertThat(report.vanished()).isEqualTo(1);
        assertThat(report.copied())
                .containsExactly(snapshots.get(1).key(), snapshots.get(0).key());
        copy.assertWhole(SNAPSHOTS - 1);
    }

    @Test
    void aPackThatIsRemovedFromTheCopyMeanwhileIsPutAgain() throws IOException {
        MemoryDriver memory = new MemoryDriver();
        HookedDriver to = new HookedDriver(memory);
        TestCopy copy = new TestCopy(test, test.driver, to);
        CopyScope first = CopyScope.of(TestRepository.SOURCE, snapshots.get(0).key());
        copy.run(first, ReplicateSettings.DEFAULT, Clock.systemUTC());
        AtomicBoolean done = new AtomicBoolean();
        ForgetPipeline forget = new ForgetPipeline(copy.copy(), Clock.systemUTC());
        to.after = (verb, key) -> {
            if (verb.equals("put") && key.startsWith("packs/") && done.compareAndSet(false, true)) {
                forget.forget(
                        Repository.find(copy.to)
                                .orElseThrow()
                                .readSnapshot(snapshots.get(0).key()),
                        () -> {});
            }
        };
        // every look at the clock is a minute after the last one, so that no listing is taken for fresh
        ReplicateReport report = copy.run(
                CopyScope.of(TestRepository.SOURCE, snapshots.get(1).key()), ReplicateSettings.DEFAULT, new Hasty());
        assertThat(done).isTrue();
        assertThat(report.copied()).containsExactly(snapshots.get(1).key());
        copy.assertWhole(1);
    }

    @Test
    void aTargetThatIsFullEndsThePassAndKeepsWhatIsWhole() throws IOException {
        MemoryDriver memory = new MemoryDriver();
        HookedDriver to = new HookedDriver(memory);
        AtomicLong room = new AtomicLong(2);
        to.before = (verb, key) -> {
            if (verb.equals("put") && key.startsWith("packs/") && room.decrementAndGet() < 0) {
                throw new StorageException.Rejected(StorageException.Reason.FULL, "the storage is full", null);
            }
        };
        TestCopy copy = new TestCopy(test, test.driver, to);
        assertThatThrownBy(copy::run).hasMessageContaining("is full");
        copy.assertWhole(copy.snapshots());
        room.set(100);
        assertThat(copy.run().isComplete()).isTrue();
        copy.assertWhole(SNAPSHOTS);
    }

    @Test
    void aPackThatIsNotWhatItWasAfterItArrivedIsFoundByCheck() throws IOException {
        MemoryDriver memory = new MemoryDriver();
        TestCopy copy = new TestCopy(test, test.driver, memory);
        copy.run();
        ObjectKey pack = memory.objects().keySet().stream()
                .filter(key -> key.text().startsWith("packs/"))
                .findFirst()
                .orElseThrow();
        memory.bytes(pack)[7] ^= 1;
        assertThat(copy.check().problems()).isNotEmpty();
        memory.delete(pack);
        ReplicateSettings mend = ReplicateSettings.DEFAULT.with(ReplicateSettings.Present.MEND);
        assertThat(copy.run(CopyScope.ALL, mend, Clock.systemUTC()).packs()).isEqualTo(1);
        copy.assertWhole(SNAPSHOTS);
        assertThat(copy.copy().listSnapshots(Optional.of(TestRepository.SOURCE)))
                .hasSize(SNAPSHOTS);
    }

    /** A clock that moves by a minute whenever it is looked at. */
    private static final class Hasty extends Clock {
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
            now = now.plusSeconds(60);
            return now;
        }
    }
}
