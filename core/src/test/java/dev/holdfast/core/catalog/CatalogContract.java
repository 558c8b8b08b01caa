package dev.holdfast.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog must do; a new one passes this as it stands. */
public abstract class CatalogContract {
    private static final RepositoryId REPOSITORY = new RepositoryId("ab".repeat(16));
    private static final SourceName SHOP = new SourceName("shop");
    private static final SourceName BLOG = new SourceName("blog");
    private static final SnapshotId SNAPSHOT = new SnapshotId("01".repeat(8));
    private static final Duration MINUTE = Duration.ofMinutes(1);

    protected final SettableClock clock = new SettableClock();
    protected final Set<String> gone = new HashSet<>();
    private Catalog catalog;

    protected abstract Catalog open(Clock clock, Liveness liveness) throws IOException;

    @BeforeEach
    void openCatalog() throws IOException {
        catalog = open(clock, gone::contains);
    }

    @AfterEach
    void closeCatalog() throws IOException {
        catalog.close();
    }

    private static RunId run(int number) {
        return new RunId("%032x".formatted(number));
    }

    @Test
    void aBackupGoesThroughItsLife() throws IOException {
        Instant created = clock.instant();
        Backup pending = catalog.create(run(1), REPOSITORY, SHOP);
        assertThat(pending)
                .isEqualTo(new Backup(
                        run(1),
                        REPOSITORY,
                        SHOP,
                        BackupStatus.PENDING,
                        created,
                        Optional.empty(),
                        Optional.empty(),
                        Progress.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        Instant started = clock.advance(MINUTE);
        assertThat(catalog.start(run(1)).started()).contains(started);
        catalog.progress(run(1), new Progress(5_000_000_000L, 7));
        Instant finished = clock.advance(MINUTE);
        Backup completed = catalog.complete(run(1), SNAPSHOT);
        assertThat(completed)
                .isEqualTo(new Backup(
                        run(1),
                        REPOSITORY,
                        SHOP,
                        BackupStatus.COMPLETED,
                        created,
                        Optional.of(started),
                        Optional.of(finished),
                        new Progress(5_000_000_000L, 7),
                        Optional.of(SNAPSHOT),
                        Optional.empty(),
                        Optional.empty()));
        try (Catalog again = open(clock, Liveness.UNKNOWN)) {
            assertThat(again.find(run(1))).contains(completed);
        }
    }

    @Test
    void failureKeepsItsReasonAndItsProgress() throws IOException {
        catalog.create(run(1), REPOSITORY, SHOP);
        assertThat(catalog.fail(run(1), "host is gone").started()).isEmpty();
        catalog.create(run(2), REPOSITORY, SHOP);
        catalog.start(run(2));
        catalog.progress(run(2), new Progress(9, 8));
        Backup failed = catalog.fail(run(2), "x".repeat(10_000));
        assertThat(failed.status()).isEqualTo(BackupStatus.FAILED);
        assertThat(failed.progress()).isEqualTo(new Progress(9, 8));
        assertThat(failed.error().orElseThrow()).hasSize(Catalog.MAXIMUM_ERROR_LENGTH);
    }

    @Test
    void aTransitionThatDoesNotFitIsRefusedAndChangesNothing() throws IOException {
        assertConflict(() -> catalog.start(run(1)), "not in the catalog");
        catalog.create(run(1), REPOSITORY, SHOP);
        assertConflict(() -> catalog.create(run(1), REPOSITORY, SHOP), "already");
        assertConflict(() -> catalog.progress(run(1), Progress.NONE), "PENDING");
        assertConflict(() -> catalog.complete(run(1), SNAPSHOT), "PENDING");
        catalog.start(run(1));
        assertConflict(() -> catalog.start(run(1)), "RUNNING");
        Backup completed = catalog.complete(run(1), SNAPSHOT);
        assertConflict(() -> catalog.fail(run(1), "late"), "COMPLETED");
        assertConflict(() -> catalog.progress(run(1), new Progress(1, 1)), "COMPLETED");
        assertConflict(() -> catalog.complete(run(1), new SnapshotId("02".repeat(8))), "COMPLETED");
        assertThat(catalog.find(run(1))).contains(completed);
        catalog.create(run(2), REPOSITORY, SHOP);
        catalog.fail(run(2), "no");
        assertConflict(() -> catalog.start(run(2)), "FAILED");
        assertConflict(() -> catalog.fail(run(2), "again"), "FAILED");
    }

    @Test
    void listsNewestFirstAndUnfinishedOldestFirst() throws IOException {
        for (int i = 1; i <= 6; i++) {
            catalog.create(run(i), REPOSITORY, i % 2 == 0 ? BLOG : SHOP);
            if (i != 3) {
                clock.advance(MINUTE); // 3 and 4 share their time of creation
            }
        }
        catalog.start(run(5));
        catalog.fail(run(1), "no");
        assertThat(catalog.list(Optional.empty(), 4))
                .extracting(Backup::run)
                .containsExactly(run(6), run(5), run(4), run(3));
        assertThat(catalog.list(Optional.of(SHOP), 9)).extracting(Backup::run).containsExactly(run(5), run(3), run(1));
        assertThat(catalog.unfinished())
                .extracting(Backup::run)
                .containsExactly(run(2), run(3), run(4), run(5), run(6));
        assertThatThrownBy(() -> catalog.list(Optional.empty(), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLeaseIsHeldByOne() throws IOException {
        Lease lease = catalog.acquire("source/shop", "a", MINUTE);
        assertThat(lease)
                .isEqualTo(new Lease("source/shop", "a", 1, clock.instant().plus(MINUTE)));
        assertThatThrownBy(() -> catalog.acquire("source/shop", "b", MINUTE))
                .isInstanceOf(LeaseHeldException.class)
                .hasMessageContaining("in use by a until " + lease.expires());
        assertThatThrownBy(() -> catalog.acquire("source/shop", "a", MINUTE)).isInstanceOf(LeaseHeldException.class);
        assertThat(catalog.acquire("source/blog", "b", MINUTE).fencingToken()).isEqualTo(1);
        catalog.verify(lease);
        catalog.release(lease);
        assertThatThrownBy(() -> catalog.verify(lease))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("released");
        assertThatThrownBy(() -> catalog.renew(lease, MINUTE)).isInstanceOf(LeaseLostException.class);
        assertThat(catalog.acquire("source/shop", "b", MINUTE).fencingToken()).isEqualTo(2);
    }

    @Test
    void anExpiredLeaseCanBeTakenAndTheOldHolderIsFencedOff() throws IOException {
        Lease first = catalog.acquire("r", "a", MINUTE);
        clock.advance(MINUTE);
        assertThatThrownBy(() -> catalog.verify(first))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("expired");
        Lease second = catalog.acquire("r", "b", MINUTE);
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        assertThatThrownBy(() -> catalog.verify(first))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("taken over");
        assertThatThrownBy(() -> catalog.renew(first, MINUTE)).isInstanceOf(LeaseLostException.class);
        catalog.release(first);
        catalog.verify(second);
    }

    @Test
    void renewingKeepsTheTokenEvenAfterExpiryWhenNobodyCameBetween() throws IOException {
        Lease lease = catalog.acquire("r", "a", MINUTE);
        clock.advance(MINUTE.multipliedBy(3));
        Lease renewed = catalog.renew(lease, MINUTE);
        assertThat(renewed).isEqualTo(new Lease("r", "a", 1, clock.instant().plus(MINUTE)));
        catalog.verify(renewed);
        assertThatThrownBy(() -> catalog.acquire("r", "b", MINUTE)).isInstanceOf(LeaseHeldException.class);
    }

    @Test
    void aHolderThatIsGoneIsReplacedAtOnce() throws IOException {
        Lease lost = catalog.acquire("r", "a", MINUTE);
        gone.add("a");
        assertThat(catalog.acquire("r", "b", MINUTE).fencingToken()).isEqualTo(2);
        assertThatThrownBy(() -> catalog.verify(lost)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void refusesALeaseWithoutTime() {
        assertThatThrownBy(() -> catalog.acquire("r", "a", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> catalog.acquire("", "a", MINUTE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDueTimeIsPlannedOnceAndWithAllItsRuns() throws IOException {
        Instant due = clock.instant();
        assertThat(catalog.lastDue("nightly")).isEmpty();
        List<PlannedRun> runs = List.of(
                new PlannedRun(run(1), REPOSITORY, SHOP, due.plusSeconds(5)),
                new PlannedRun(run(2), REPOSITORY, BLOG, due.plusSeconds(9)));
        List<Backup> planned = catalog.plan("nightly", Optional.empty(), due, runs);
        assertThat(planned)
                .extracting(Backup::plan)
                .containsExactly(
                        Optional.of(new Plan("nightly", due, 1, due.plusSeconds(5))),
                        Optional.of(new Plan("nightly", due, 1, due.plusSeconds(9))));
        assertThat(catalog.lastDue("nightly")).contains(due);
        assertConflict(() -> catalog.plan("nightly", Optional.empty(), due, runs), "planned by another process");
        assertThat(catalog.unfinished()).isEqualTo(planned);
    }

    @Test
    void aPlanOfWhichOneRunIsThereAlreadyChangesNothing() throws IOException {
        Instant due = clock.instant();
        catalog.plan("a", Optional.empty(), due, List.of(new PlannedRun(run(1), REPOSITORY, SHOP, due)));
        List<PlannedRun> again =
                List.of(new PlannedRun(run(2), REPOSITORY, BLOG, due), new PlannedRun(run(3), REPOSITORY, SHOP, due));
        assertConflict(() -> catalog.plan("b", Optional.empty(), due, again), "is in the catalog already");
        assertThat(catalog.lastDue("b")).isEmpty();
        assertThat(catalog.unfinished()).hasSize(1);
    }

    @Test
    void aFailedPlannedRunIsTriedAgainOnceForEachFailure() throws IOException {
        Instant due = clock.instant();
        catalog.plan("a", Optional.empty(), due, List.of(new PlannedRun(run(1), REPOSITORY, SHOP, due)));
        assertConflict(() -> catalog.retry(run(1), run(2), due), "has not failed");
        catalog.fail(run(1), "no");
        Instant later = clock.advance(MINUTE);
        assertThat(catalog.retry(run(1), run(2), later).plan()).contains(new Plan("a", due, 2, later));
        assertConflict(() -> catalog.retry(run(1), run(3), later), "is in the catalog already");
        catalog.create(run(4), REPOSITORY, SHOP);
        catalog.fail(run(4), "no");
        assertConflict(() -> catalog.retry(run(4), run(5), later), "was not planned");
    }

    @Test
    void aNoteIsKeptUntilTheNext() throws IOException {
        assertThat(catalog.note("alerts")).isEmpty();
        catalog.note("alerts", "one");
        catalog.note("alerts", "two");
        try (Catalog again = open(clock, Liveness.UNKNOWN)) {
            assertThat(again.note("alerts")).contains("two");
        }
    }

    private static void assertConflict(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String part) {
        assertThatThrownBy(call).isInstanceOf(CatalogConflictException.class).hasMessageContaining(part);
    }

    /** Stands still until told. */
    protected static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-11-01T12:00:00Z");

        Instant advance(Duration time) {
            now = now.plus(time);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only UTC");
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
