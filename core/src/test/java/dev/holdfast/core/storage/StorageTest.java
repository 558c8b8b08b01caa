package dev.holdfast.core.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageMetrics.Verb;
import dev.holdfast.core.storage.StorageOptions.Verification;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StorageTest {
    private static final ObjectKey KEY = new ObjectKey("a/object");

    private final Memory driver = new Memory();
    private final Waits time = new Waits();

    private Storage storage(StorageOptions options) {
        return new Storage(driver, options, time, new Random(1));
    }

    private static StorageException.Unavailable busy() {
        return new StorageException.Unavailable("busy", null);
    }

    private static Body body(String text) {
        return Body.of(text.getBytes(UTF_8));
    }

    private static byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    // ---- retries

    @Test
    void repeatsWhatWasUnavailableWithGrowingWaits() throws Exception {
        Storage storage = storage(StorageOptions.DEFAULT);
        driver.failures.addAll(List.of(busy(), busy(), busy(), busy()));
        storage.put(KEY, body("x"), PutMode.REPLACE);

        assertThat(driver.content(KEY)).isEqualTo("x");
        assertThat(time.slept).hasSize(4);
        for (int i = 0; i < 4; i++) {
            long longest = 1000L << i;
            assertThat(time.slept.get(i).toMillis()).isBetween(longest / 2, longest);
        }
        assertThat(storage.metrics().of(Verb.PUT).retries()).isEqualTo(4);
    }

    @Test
    void aStorageThatAsksToWaitIsWaitedFor() throws Exception {
        Storage storage = storage(StorageOptions.DEFAULT);
        driver.failures.addAll(List.of(asking(7), asking(0), asking(600)));
        storage.put(KEY, body("x"), PutMode.REPLACE);

        assertThat(time.slept).hasSize(3);
        assertThat(time.slept.get(0)).isEqualTo(Duration.ofSeconds(7));
        assertThat(time.slept.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2)); // its own wait is longer
        assertThat(time.slept.get(2)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aStorageThatAsksForTooMuchIsGivenUp() {
        driver.failures.add(asking(601));
        assertThatThrownBy(() -> storage(StorageOptions.DEFAULT).put(KEY, body("x"), PutMode.REPLACE))
                .isInstanceOf(StorageException.Unavailable.class);
        assertThat(time.slept).isEmpty();
    }

    @Test
    void aStorageThatMayNotBeRepeatedIsNotWaitedFor() {
        driver.failures.add(asking(1));
        assertThatThrownBy(
                        () -> storage(StorageOptions.DEFAULT.with(Retry.NEVER)).put(KEY, body("x"), PutMode.REPLACE))
                .isInstanceOf(StorageException.Unavailable.class);
        assertThat(time.slept).isEmpty();
    }

    private static StorageException.Unavailable asking(long seconds) {
        return new StorageException.Unavailable("busy", Duration.ofSeconds(seconds), null);
    }

    @Test
    void waitsAreJittered() {
        Random random = new Random(7);
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waits.add(Retry.DEFAULT.waitAfter(20, random));
        }
        assertThat(waits)
                .allMatch(wait ->
                        wait.compareTo(Duration.ofSeconds(30)) <= 0 && wait.compareTo(Duration.ofSeconds(15)) >= 0);
        assertThat(Set.copyOf(waits)).hasSizeGreaterThan(40);
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        StorageException.Unavailable last = busy();
        driver.failures.addAll(List.of(busy(), busy(), last));
        Storage storage =
                storage(StorageOptions.DEFAULT.with(new Retry(3, Duration.ofMillis(1), Duration.ofMillis(1))));

        assertThatThrownBy(() -> storage.stat(KEY)).isSameAs(last);
        assertThat(storage.metrics().of(Verb.STAT))
                .extracting(StorageMetrics.Figures::calls, StorageMetrics.Figures::failures)
                .containsExactly(1L, 1L);
    }

    @Test
    void repeatsNothingElse() {
        for (IOException failure : List.of(
                new StorageException.Denied("no", null),
                new StorageException.Rejected(Reason.FULL, "full", null),
                new StorageException.Corrupt("bad", null),
                new IOException("dump failed"))) {
            driver.failures.add(failure);
            assertThatThrownBy(() -> storage(StorageOptions.DEFAULT).put(KEY, body("x"), PutMode.REPLACE))
                    .isSameAs(failure);
        }
        assertThat(time.slept).isEmpty();
        assertThat(driver.objects).isEmpty();
    }

    @Test
    void aPutWhoseAnswerWasLostIsNotTakenForAnotherWriters() throws Exception {
        driver.failuresAfterPut.add(busy());
        storage(StorageOptions.DEFAULT).put(KEY, body("mine"), PutMode.IF_ABSENT);
        assertThat(driver.content(KEY)).isEqualTo("mine");
    }

    @Test
    void anotherWritersObjectIsStillRespectedAfterARetry() {
        for (String theirs : List.of("them", "longer than mine")) {
            driver.objects.put(KEY.text(), theirs.getBytes(UTF_8));
            driver.failures.add(busy());
            assertThatThrownBy(() -> storage(StorageOptions.DEFAULT).put(KEY, body("mine"), PutMode.IF_ABSENT))
                    .isInstanceOfSatisfying(
                            StorageException.Rejected.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS));
            assertThat(driver.content(KEY)).isEqualTo(theirs);
        }
    }

    @Test
    void anEqualObjectIsNotOursAtTheFirstAttempt() {
        driver.objects.put(KEY.text(), "same".getBytes(UTF_8));
        assertThatThrownBy(() -> storage(StorageOptions.DEFAULT).put(KEY, body("same"), PutMode.IF_ABSENT))
                .isInstanceOf(StorageException.Rejected.class);
    }

    // ---- streams that break

    @Test
    void aBrokenStreamGoesOnWhereItStopped() throws Exception {
        byte[] content = random(100_000);
        driver.objects.put(KEY.text(), content);
        driver.breakAfter.addAll(List.of(10, 0, 30_000));
        Storage storage = storage(StorageOptions.DEFAULT);

        try (InputStream in = storage.get(KEY, new ByteRange(5, 90_000)).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 5, 90_005));
        }
        assertThat(driver.asked)
                .containsExactly(
                        new ByteRange(5, 90_000),
                        new ByteRange(15, 89_990),
                        new ByteRange(15, 89_990),
                        new ByteRange(30_015, 59_990));
        assertThat(storage.metrics().of(Verb.GET))
                .satisfies(get -> assertThat(get.bytes()).isEqualTo(90_000))
                .satisfies(get -> assertThat(get.retries()).isEqualTo(3));
        assertThat(driver.openStreams).isZero();
    }

    @Test
    void aStreamThatBreaksAfterItsLastByteEnds() throws Exception {
        driver.objects.put(KEY.text(), random(100));
        driver.breakAfter.add(50);
        try (InputStream in =
                storage(StorageOptions.DEFAULT).get(KEY, new ByteRange(0, 50)).orElseThrow()) {
            assertThat(in.readAllBytes()).hasSize(50);
        }
        driver.breakAfter.add(100);
        try (InputStream in =
                storage(StorageOptions.DEFAULT).get(KEY, ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).hasSize(100);
        }
    }

    @Test
    void aStreamThatNeverAdvancesGivesUpAndStaysFailed() throws Exception {
        driver.objects.put(KEY.text(), random(1000));
        driver.breakAfter.addAll(List.of(7, 0, 0, 0, 0, 0, 0));
        try (InputStream in =
                storage(StorageOptions.DEFAULT).get(KEY, ByteRange.ALL).orElseThrow()) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(StorageException.Unavailable.class);
            assertThatThrownBy(in::read).isInstanceOf(StorageException.Unavailable.class);
        }
        assertThat(time.slept).hasSize(4);
    }

    @Test
    void aLongDownloadOverAPoorLineEnds() throws Exception {
        byte[] content = random(80_000_000);
        driver.objects.put(KEY.text(), content);
        for (int i = 0; i < 8; i++) {
            driver.breakAfter.add(9_000_000);
        }
        try (InputStream in =
                storage(StorageOptions.DEFAULT).get(KEY, ByteRange.ALL).orElseThrow()) {
            assertThat(Arrays.equals(in.readAllBytes(), content)).isTrue(); // isEqualTo takes seconds here
        }
        assertThat(time.slept).hasSize(8);
    }

    @Test
    void anObjectThatVanishedMeanwhileIsNoEnd() throws Exception {
        driver.objects.put(KEY.text(), random(1000));
        driver.breakAfter.add(7);
        try (InputStream in =
                storage(StorageOptions.DEFAULT).get(KEY, ByteRange.ALL).orElseThrow()) {
            driver.objects.clear();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(StorageException.Corrupt.class);
        }
    }

    @Test
    void aClosedStreamDoesNotLookLikeAnEnd() throws Exception {
        driver.objects.put(KEY.text(), random(1000));
        InputStream in = storage(StorageOptions.DEFAULT).get(KEY, ByteRange.ALL).orElseThrow();
        in.close();
        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }

    // ---- limits

    @Test
    void bothDirectionsShareOneRate() throws Exception {
        Storage storage = storage(StorageOptions.DEFAULT.with(RateLimit.parse("1MB/s")));
        byte[] content = random(3_000_000);
        storage.put(KEY, Body.of(content), PutMode.REPLACE);
        try (InputStream in = storage.get(KEY, ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(Duration.ofNanos(time.nanos())).isBetween(Duration.ofMillis(5_850), Duration.ofMillis(6_000));
    }

    @Test
    void idleTimeIsNotSavedUp() throws Exception {
        Storage storage = storage(StorageOptions.DEFAULT.with(RateLimit.parse("1MB/s")));
        time.sleep(Duration.ofHours(1));
        long start = time.nanos();
        storage.put(KEY, Body.of(random(1_000_000)), PutMode.REPLACE);
        assertThat(Duration.ofNanos(time.nanos() - start)).isBetween(Duration.ofMillis(850), Duration.ofMillis(1_000));
    }

    @Test
    void readsRates() {
        assertThat(RateLimit.parse("20MB/s").bytesPerSecond()).isEqualTo(20_000_000);
        assertThat(RateLimit.parse(" 1.5 MiB/s").bytesPerSecond()).isEqualTo(1_572_864);
        assertThat(RateLimit.parse("800kB/s").bytesPerSecond()).isEqualTo(800_000);
        assertThat(RateLimit.parse("2GB/s").bytesPerSecond()).isEqualTo(2_000_000_000);
        for (String wrong :
                List.of("", "20", "20MB", "MB/s", "-1MB/s", "0MB/s", "999B/s", "20iB/s", "20 Mbit/s", "1e3KB/s")) {
            assertThatThrownBy(() -> RateLimit.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aCallThatHangsEndsAsUnavailable() {
        driver.hang = true;
        Storage storage = storage(StorageOptions.DEFAULT
                .with(new Retry(2, Duration.ZERO, Duration.ZERO))
                .withCallTimeout(Duration.ofMillis(30)));
        assertThatThrownBy(() -> storage.stat(KEY))
                .isInstanceOf(StorageException.Unavailable.class)
                .hasMessageContaining("no answer within 30 ms");
        assertThat(driver.interrupted).isTrue();
        assertThat(storage.metrics().of(Verb.STAT).retries()).isEqualTo(1);
    }

    @Test
    void aStreamOpenedTooLateIsClosed() throws Exception {
        driver.objects.put(KEY.text(), random(10));
        driver.lateOpen = true;
        Storage storage = storage(StorageOptions.DEFAULT.with(Retry.NEVER).withCallTimeout(Duration.ofMillis(30)));
        assertThatThrownBy(() -> storage.get(KEY, ByteRange.ALL)).isInstanceOf(StorageException.Unavailable.class);
        assertThat(driver.opened).isEqualTo(1);
        assertThat(driver.openStreams).isZero();
    }

    @Test
    void anInterruptedCallerStops() throws Exception {
        driver.hang = true;
        Storage storage = storage(StorageOptions.DEFAULT);
        AtomicBoolean marked = new AtomicBoolean();
        List<Throwable> thrown = new ArrayList<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                storage.stat(KEY);
            } catch (IOException e) {
                thrown.add(e);
                marked.set(Thread.currentThread().isInterrupted());
            }
        });
        driver.hanging.await();
        caller.interrupt();
        caller.join();
        assertThat(thrown).singleElement().isInstanceOf(java.io.InterruptedIOException.class);
        assertThat(marked).isTrue();
    }

    // ---- checks and figures

    @Test
    void aWrongSizeAfterAPutIsCorrupt() throws Exception {
        driver.truncatesTo = 3;
        assertThatThrownBy(() -> storage(StorageOptions.DEFAULT).put(KEY, body("12345"), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("3 bytes instead of 5");
        storage(StorageOptions.DEFAULT.with(Verification.NONE)).put(KEY, body("12345"), PutMode.REPLACE);
    }

    @Test
    void writeOnlyCredentialsAreToldWhatToDo() throws Exception {
        driver.statDenied = true;
        assertThatThrownBy(() -> storage(StorageOptions.DEFAULT).put(KEY, body("x"), PutMode.REPLACE))
                .isInstanceOf(StorageException.Denied.class)
                .hasMessageContaining("verification");
        storage(StorageOptions.DEFAULT.with(Verification.NONE)).put(KEY, body("x"), PutMode.REPLACE);
    }

    @Test
    void pagesAreStreamed() throws Exception {
        for (int i = 0; i < 25; i++) {
            driver.objects.put(String.format("k%02d", i), new byte[i]);
        }
        driver.failures.add(busy());
        List<Integer> pagesWhenSeen = new ArrayList<>();
        Storage storage = storage(StorageOptions.DEFAULT);
        storage.forEach("k", object -> pagesWhenSeen.add(driver.pages));

        assertThat(pagesWhenSeen).hasSize(25).startsWith(1).endsWith(3);
        assertThat(storage.list("k1"))
                .extracting(StoredObject::bytes)
                .containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
        IOException stop = new IOException("stop");
        assertThatThrownBy(() -> storage.forEach("", object -> {
                    throw stop;
                }))
                .isSameAs(stop);
    }

    @Test
    void countsWhatWasDone() throws Exception {
        Storage storage = storage(StorageOptions.DEFAULT);
        storage.put(KEY, body("12345"), PutMode.REPLACE);
        try (InputStream in = storage.get(KEY, new ByteRange(1, 3)).orElseThrow()) {
            assertThat(in).hasContent("234");
        }
        storage.delete(KEY);
        assertThat(storage.stat(KEY)).isEmpty();
        driver.failures.add(busy());
        storage.delete(KEY);

        StorageMetrics metrics = storage.metrics();
        assertThat(metrics.of(Verb.PUT)).isEqualTo(new StorageMetrics.Figures(1, 0, 0, 5, Duration.ZERO));
        assertThat(metrics.of(Verb.GET)).isEqualTo(new StorageMetrics.Figures(1, 0, 0, 3, Duration.ZERO));
        assertThat(metrics.of(Verb.STAT).calls()).isEqualTo(1);
        assertThat(metrics.of(Verb.LIST).calls()).isZero();
        assertThat(metrics.of(Verb.DELETE).calls()).isEqualTo(2);
        assertThat(metrics.of(Verb.DELETE).retries()).isEqualTo(1);
        assertThat(metrics.of(Verb.DELETE).time()).isEqualTo(time.slept.getFirst());
    }

    /** Time that passes only by sleeping. */
    private static final class Waits implements Time {
        final List<Duration> slept = new ArrayList<>();
        private long now;

        @Override
        public synchronized long nanos() {
            return now;
        }

        @Override
        public synchronized void sleep(Duration duration) {
            slept.add(duration);
            now += duration.toNanos();
        }
    }

    /** A driver in memory that fails as it is told. */
    private static final class Memory implements StorageDriver {
        final NavigableMap<String, byte[]> objects = new TreeMap<>();
        final Deque<IOException> failures = new ArrayDeque<>();
        final Deque<IOException> failuresAfterPut = new ArrayDeque<>();
        final Deque<Integer> breakAfter = new ArrayDeque<>();
        final List<ByteRange> asked = new ArrayList<>();
        final CountDownLatch hanging = new CountDownLatch(1);
        volatile boolean hang;
        volatile boolean lateOpen;
        volatile boolean interrupted;
        boolean statDenied;
        int truncatesTo = Integer.MAX_VALUE;
        int opened;
        int openStreams;
        int pages;

        String content(ObjectKey key) {
            return new String(objects.getOrDefault(key.text(), new byte[0]), UTF_8);
        }

        private void begin() throws IOException {
            if (hang) {
                sleepForLong();
            }
            IOException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
        }

        private void sleepForLong() {
            hanging.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }

        @Override
        public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
            begin();
            if (mode == PutMode.IF_ABSENT && objects.containsKey(key.text())) {
                throw new StorageException.Rejected(Reason.EXISTS, "there", null);
            }
            try (InputStream in = BodyInput.open(body)) {
                byte[] content = in.readAllBytes();
                objects.put(key.text(), Arrays.copyOf(content, Math.min(content.length, truncatesTo)));
            }
            IOException failure = failuresAfterPut.poll();
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
            begin();
            asked.add(range);
            if (lateOpen) {
                sleepForLong();
            }
            byte[] content = objects.get(key.text());
            if (content == null) {
                return Optional.empty();
            }
            int from = (int) Math.min(range.offset(), content.length);
            int length = (int) Math.min(range.length(), content.length - from);
            opened++;
            openStreams++;
            Integer limit = breakAfter.poll();
            return Optional.of(new Breaking(
                    new ByteArrayInputStream(content, from, length), limit == null ? Integer.MAX_VALUE : limit));
        }

        private final class Breaking extends FilterInputStream {
            private int left;

            Breaking(InputStream in, int left) {
                super(in);
                this.left = left;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    throw busy();
                }
                int count = super.read(buffer, offset, Math.min(length, left));
                left -= Math.max(0, count);
                return count;
            }

            @Override
            public void close() {
                openStreams--;
            }
        }

        @Override
        public Optional<StoredObject> stat(ObjectKey key) throws IOException {
            begin();
            if (statDenied) {
                throw new StorageException.Denied("no", null);
            }
            byte[] content = objects.get(key.text());
            return content == null
                    ? Optional.empty()
                    : Optional.of(new StoredObject(key, content.length, Instant.EPOCH));
        }

        @Override
        public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
            begin();
            pages++;
            List<StoredObject> found = objects.tailMap(after.orElse(""), false).entrySet().stream()
                    .filter(each -> each.getKey().startsWith(prefix))
                    .limit(10)
                    .map(each -> new StoredObject(new ObjectKey(each.getKey()), each.getValue().length, Instant.EPOCH))
                    .toList();
            return new Page<>(
                    found,
                    found.size() < 10
                            ? Optional.empty()
                            : Optional.of(found.getLast().key().text()));
        }

        @Override
        public void delete(ObjectKey key) throws IOException {
            begin();
            objects.remove(key.text());
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of(Capability.IF_ABSENT);
        }

        @Override
        public void close() {}
    }
}
