package dev.holdfast.core.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.pipeline.MainJob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link StorageDriver} does. The test of a driver extends this class, gives it a root that is fresh and
 * empty for each test, and says by its hooks what its server cannot do; nothing is left out silently.
 */
@Timeout(300)
public abstract class StorageContract {
    private static final int MB = 1_000_000;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private StorageDriver driver;

    /** A driver on this test's root: fresh and empty at the first call, the same root at each further call of a test. */
    protected abstract StorageDriver open() throws Exception;

    /** Whether IF_ABSENT holds against concurrent puts; by default what the driver says of itself. */
    protected boolean supportsIfAbsentAtomically() {
        return driver.capabilities().contains(Capability.IF_ABSENT);
    }

    /** Whether the provider can keep this text as a part of a key; if not, a put must be Rejected as INVALID. */
    protected boolean allowsName(String part) {
        return true;
    }

    /** Whether a key may be as long as any key may; not in a part of a storage, whose keys have a beginning already. */
    protected boolean allowsLongestKey() {
        return true;
    }

    /** Whether the server takes or properly refuses {@code a/b} beside {@code a}; some fail with an internal error. */
    protected boolean decidesOnObjectsBelowObjects() {
        return true;
    }

    /** Whether the server lets one key be replaced and read at the same time; some fail with an internal error. */
    protected boolean standsConcurrentUseOfOneKey() {
        return true;
    }

    /** Objects to list in the test of pages; fewer where each put costs a round trip. */
    protected int manyKeys() {
        return 10_000;
    }

    /** The size of a large object, in bytes. */
    protected int largeBytes() {
        return 33 * MB;
    }

    /** Where the server listens, when a proxy can be put in front of it; empty where there is no connection to cut. */
    protected Optional<InetSocketAddress> endpoint() {
        return Optional.empty();
    }

    /**
     * A driver on this test's root that reaches the server only through the proxy. A protocol with more than one
     * connection forwards its other ports here too ({@link DroppingProxy#forward}).
     */
    protected StorageDriver openThrough(DroppingProxy proxy) throws Exception {
        throw new UnsupportedOperationException("a test with an endpoint must say how to go through the proxy");
    }

    /** Whether {@link #restartServer()} works. */
    protected boolean restartsServer() {
        return false;
    }

    /** Stops the server and starts it again on the same port with the same objects. */
    protected void restartServer() throws Exception {
        throw new UnsupportedOperationException("this test cannot restart its server");
    }

    @BeforeEach
    final void openDriver() throws Exception {
        driver = closedLater(open());
    }

    @AfterEach
    final void closeEverything() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /** Closes it after the test; the last one opened first. */
    protected final <T extends AutoCloseable> T closedLater(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    /** The driver of this test. */
    protected final StorageDriver driver() {
        return driver;
    }

    // ---- what it is for

    @Test
    void theMainJobRuns() throws Exception {
        MainJob.runOver(driver);
    }

    // ---- objects

    @Test
    void whatWasPutComesBack() throws Exception {
        Instant before = Instant.now();
        put("a/b/object", "hello");

        assertThat(text("a/b/object")).isEqualTo("hello");
        StoredObject stat = driver.stat(key("a/b/object")).orElseThrow();
        assertThat(stat.key()).isEqualTo(key("a/b/object"));
        assertThat(stat.bytes()).isEqualTo(5);
        assertThat(stat.modified()).isBetween(before.minus(Duration.ofHours(1)), before.plus(Duration.ofHours(1)));
        assertThat(keys("")).containsExactly("a/b/object");
    }

    @Test
    void anEmptyObjectIsAnObject() throws Exception {
        driver.put(key("a/empty"), Body.of(new byte[0]), PutMode.REPLACE);

        assertThat(bytes("a/empty")).isEmpty();
        assertThat(driver.stat(key("a/empty")).orElseThrow().bytes()).isZero();
        assertThat(driver.list("", Optional.empty()).items())
                .extracting(StoredObject::bytes)
                .containsExactly(0L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeObjectComesBackWhole(boolean inMemory) throws Exception {
        byte[] content = random(largeBytes(), 33);
        Body body = inMemory ? Body.of(content) : new Streamed(content, content.length);
        driver.put(key("large"), body, PutMode.REPLACE);

        assertThat(driver.stat(key("large")).orElseThrow().bytes()).isEqualTo(content.length);
        assertThat(digest(driver.get(key("large"), ByteRange.ALL).orElseThrow()))
                .isEqualTo(digest(stream(content)));
        int offset = content.length - 1_234_567;
        assertThat(read(key("large"), new ByteRange(offset, 1_000_003)))
                .isEqualTo(Arrays.copyOfRange(content, offset, offset + 1_000_003));
    }

    @Test
    void aSliceOfAnArrayIsStoredAsThatSlice() throws Exception {
        driver.put(key("slice"), Body.of("..hello..".getBytes(UTF_8), 2, 5), PutMode.REPLACE);
        assertThat(text("slice")).isEqualTo("hello");
    }

    @Test
    void whatIsMissingIsEmpty() throws Exception {
        put("a/there", "x");
        for (String missing : List.of("nowhere", "a/nowhere", "a/b/c/nowhere", "a", "a/there/below")) {
            assertThat(driver.get(key(missing), ByteRange.ALL))
                    .as("get %s", missing)
                    .isEmpty();
            assertThat(driver.get(key(missing), new ByteRange(3, 4)))
                    .as("get part of %s", missing)
                    .isEmpty();
            assertThat(driver.stat(key(missing))).as("stat %s", missing).isEmpty();
        }
    }

    @Test
    void deleteRemovesAndIsDoneWhenThereIsNothing() throws Exception {
        put("a/b/one", "1");
        put("a/b/two", "2");
        driver.delete(key("a/b/one"));
        driver.delete(key("a/b/one"));
        driver.delete(key("a/b/never"));
        driver.delete(key("not/even/the/folder"));

        assertThat(driver.get(key("a/b/one"), ByteRange.ALL)).isEmpty();
        assertThat(keys("")).containsExactly("a/b/two");

        driver.delete(key("a/b")); // no object, though others lie below it
        assertThat(keys("")).containsExactly("a/b/two");
        driver.delete(key("a/b/two"));
        assertThat(keys("")).isEmpty();
        put("a/b/one", "again");
        assertThat(text("a/b/one")).isEqualTo("again");
    }

    @Test
    void aRangeGivesTheBytesThatAreThere() throws Exception {
        put("ten", "0123456789");

        assertThat(read(key("ten"), new ByteRange(0, 1))).asString(UTF_8).isEqualTo("0");
        assertThat(read(key("ten"), new ByteRange(3, 4))).asString(UTF_8).isEqualTo("3456");
        assertThat(read(key("ten"), new ByteRange(7, Long.MAX_VALUE)))
                .asString(UTF_8)
                .isEqualTo("789");
        assertThat(read(key("ten"), new ByteRange(8, 100))).asString(UTF_8).isEqualTo("89");
        assertThat(read(key("ten"), new ByteRange(9, 1))).asString(UTF_8).isEqualTo("9");
    }

    @Test
    void aRangeAtOrAfterTheEndIsEmpty() throws Exception {
        put("ten", "0123456789");
        driver.put(key("empty"), Body.of(new byte[0]), PutMode.REPLACE);

        assertThat(read(key("ten"), new ByteRange(10, 1))).isEmpty();
        assertThat(read(key("ten"), new ByteRange(10, Long.MAX_VALUE))).isEmpty();
        assertThat(read(key("ten"), new ByteRange(5_000_000_000L, 7))).isEmpty();
        assertThat(read(key("empty"), new ByteRange(0, 5))).isEmpty();
        assertThat(read(key("empty"), new ByteRange(1, Long.MAX_VALUE))).isEmpty();
    }

    @Test
    void aStreamClosedHalfWayLeavesTheDriverUsable() throws Exception {
        byte[] content = random(8 * MB, 5);
        driver.put(key("large"), Body.of(content), PutMode.REPLACE);
        for (int i = 0; i < 12; i++) {
            try (InputStream in = driver.get(key("large"), ByteRange.ALL).orElseThrow()) {
                assertThat(in.readNBytes(1000)).isEqualTo(Arrays.copyOf(content, 1000));
            }
        }
        assertThat(driver.stat(key("large"))).isPresent();
        assertThat(bytes("large")).isEqualTo(content);
    }

    @Test
    void severalStreamsAreReadInTurn() throws Exception {
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            driver.put(key("s" + i), Body.of(random(300_000, i)), PutMode.REPLACE);
        }
        for (int i = 0; i < 4; i++) {
            streams.add(driver.get(key("s" + i), ByteRange.ALL).orElseThrow());
        }
        for (int piece = 0; piece < 3; piece++) {
            for (int i = 0; i < 4; i++) {
                assertThat(streams.get(i).readNBytes(100_000))
                        .isEqualTo(Arrays.copyOfRange(random(300_000, i), piece * 100_000, (piece + 1) * 100_000));
            }
        }
        for (InputStream in : streams) {
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
            in.close();
        }
    }

    // ---- modes

    @Test
    void replaceReplaces() throws Exception {
        put("object", "first, and longer");
        put("object", "second");
        assertThat(text("object")).isEqualTo("second");
        assertThat(driver.stat(key("object")).orElseThrow().bytes()).isEqualTo(6);
        assertThat(keys("")).containsExactly("object");
    }

    @Test
    void ifAbsentNeverReplaces() throws Exception {
        driver.put(key("a/object"), Body.of("first".getBytes(UTF_8)), PutMode.IF_ABSENT);

        assertThatThrownBy(() -> driver.put(key("a/object"), Body.of("second".getBytes(UTF_8)), PutMode.IF_ABSENT))
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.EXISTS));
        assertThat(text("a/object")).isEqualTo("first");

        driver.delete(key("a/object"));
        driver.put(key("a/object"), Body.of("third".getBytes(UTF_8)), PutMode.IF_ABSENT);
        assertThat(text("a/object")).isEqualTo("third");
        assertThat(keys("")).containsExactly("a/object");
    }

    @Test
    void ofConcurrentIfAbsentPutsOneWins() throws Exception {
        assumeTrue(supportsIfAbsentAtomically(), "the provider has no atomic put-if-absent");
        for (int round = 0; round < 5; round++) {
            ObjectKey key = key("race/" + round);
            List<Throwable> failures = together(8, i -> {
                driver.put(key, Body.of(random(50_000, i)), PutMode.IF_ABSENT);
            });
            assertThat(failures)
                    .hasSize(7)
                    .allSatisfy(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    StorageException.Rejected.class,
                                    r -> assertThat(r.reason()).isEqualTo(StorageException.Reason.EXISTS)));
            assertThat(seedOf(read(key, ByteRange.ALL), 50_000)).isBetween(0, 7);
        }
        assertThat(keys("")).hasSize(5);
    }

    @Test
    void concurrentPutsOfOneKeyLeaveOneWholeObject() throws Exception {
        assumeTrue(standsConcurrentUseOfOneKey(), "this server fails on concurrent use of one key");
        List<Throwable> failures = together(8, i -> {
            driver.put(key("same"), Body.of(random(MB, i)), PutMode.REPLACE);
        });
        assertThat(failures).isEmpty();
        assertThat(seedOf(bytes("same"), MB)).isBetween(0, 7);
        assertThat(keys("")).containsExactly("same");
    }

    @Test
    void eightUploadsAtOnceAllArrive() throws Exception {
        List<Throwable> failures = together(8, i -> {
            for (int n = 0; n < 3; n++) {
                driver.put(key("new/folder" + i % 3 + "/" + i + "-" + n), Body.of(random(MB, i)), PutMode.REPLACE);
            }
        });
        assertThat(failures).isEmpty();
        assertThat(keys("new/")).hasSize(24);
        for (int i = 0; i < 8; i++) {
            assertThat(seedOf(bytes("new/folder" + i % 3 + "/" + i + "-2"), MB)).isEqualTo(i);
        }
    }

    @Test
    void aReaderSeesTheOldObjectOrTheNewOne() throws Exception {
        assumeTrue(standsConcurrentUseOfOneKey(), "this server fails on concurrent use of one key");
        driver.put(key("flip"), Body.of(random(200_000, 0)), PutMode.REPLACE);
        StorageDriver second = closedLater(open());
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch reading = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Integer> reader = threads.submit(() -> {
                int reads = 0;
                while (!done.get() || reads == 0) {
                    try (InputStream in = second.get(key("flip"), ByteRange.ALL).orElseThrow()) {
                        assertThat(seedOf(in.readAllBytes(), 200_000)).isBetween(0, 3);
                    }
                    reads++;
                    reading.countDown();
                }
                return reads;
            });
            try {
                reading.await();
                for (int i = 1; i <= 24; i++) {
                    driver.put(key("flip"), Body.of(random(200_000, i % 4)), PutMode.REPLACE);
                }
            } finally {
                done.set(true);
            }
            assertThat(reader.get()).isPositive();
        }
    }

    // ---- bodies that fail

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 7_000_000})
    void aBodyThatFailsLeavesTheOldObject(int failAfter) throws Exception {
        put("a/object", "old");
        DumpBroke broke = new DumpBroke();
        Body body = new Broken(8 * MB, failAfter, broke);

        for (String name : List.of("a/object", "b/fresh")) {
            Throwable thrown = catchThrowable(() -> driver.put(key(name), body, PutMode.REPLACE));
            assertThat(thrown)
                    .as("the body's own failure, so that nobody repeats the put")
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StorageException.Unavailable.class);
            assertThat(causes(thrown)).contains(broke);
        }
        assertThat(text("a/object")).isEqualTo("old");
        assertThat(driver.stat(key("b/fresh"))).isEmpty();
        assertThat(keys("")).containsExactly("a/object");
        put("b/fresh", "works");
        assertThat(text("b/fresh")).isEqualTo("works");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4_999_999, 5_000_001, 6_000_000})
    void aBodyOfAnotherLengthStoresNothing(int actual) throws Exception {
        put("a/object", "old");
        Body body = new Streamed(random(actual, 1), 5 * MB);

        for (String name : List.of("a/object", "b/fresh")) {
            assertThatThrownBy(() -> driver.put(key(name), body, PutMode.REPLACE))
                    .isInstanceOf(StorageException.Corrupt.class);
        }
        assertThatThrownBy(() -> driver.put(key("b/fresh"), new Streamed(new byte[1], 0), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class);
        assertThat(text("a/object")).isEqualTo("old");
        assertThat(driver.stat(key("b/fresh"))).isEmpty();
        assertThat(keys("")).containsExactly("a/object");
    }

    // ---- listings

    @Test
    void aPrefixIsAText() throws Exception {
        for (String name : List.of("a/b", "a/bc", "a/bc.d/e", "a/c", "ab", "b/a/b")) {
            put(name, name);
        }
        assertThat(keys("a/b")).containsExactly("a/b", "a/bc", "a/bc.d/e");
        assertThat(keys("a/")).containsExactly("a/b", "a/bc", "a/bc.d/e", "a/c");
        assertThat(keys("a")).containsExactly("a/b", "a/bc", "a/bc.d/e", "a/c", "ab");
        assertThat(keys("a/bc.d/")).containsExactly("a/bc.d/e");
        assertThat(keys("a/bc.d/e")).containsExactly("a/bc.d/e");
        assertThat(keys("a/bc.d/e/")).isEmpty();
        assertThat(keys("a/bc/d")).isEmpty();
        assertThat(keys("nothing/here")).isEmpty();
        assertThat(keys("a*")).isEmpty();
        assertThat(keys("")).hasSize(6);
    }

    @Test
    void aListingIsInOrderOfTheWholeKey() throws Exception {
        // '-' and '.' sort before '/', digits and letters after it: a walk by folder alone gets this wrong
        List<String> names = List.of("a-b", "a-b/c", "a.b", "a/b", "a/b-c/d", "a/b.c", "a/b0", "a0", "a0/b", "b");
        List<String> possible = names.stream()
                .filter(name -> !name.equals("a-b") && !name.equals("a0")) // where folders and objects share names
                .toList();
        for (String name : possible.reversed()) {
            put(name, name);
        }
        assertThat(keys("")).containsExactlyElementsOf(possible);
    }

    @Test
    void anObjectBelowAnObjectIsKeptOrRejected() throws Exception {
        assumeTrue(decidesOnObjectsBelowObjects(), "this server fails on an object below an object");
        put("a", "above");
        Throwable thrown = catchThrowable(() -> put("a/b", "below"));
        if (thrown == null) {
            assertThat(text("a/b")).isEqualTo("below");
        } else {
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            StorageException.Rejected.class,
                            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.INVALID));
        }
        assertThat(text("a")).isEqualTo("above");
    }

    @Test
    void manyKeysAreListedInPages() throws Exception {
        int count = manyKeys();
        List<Throwable> failures = together(8, i -> {
            for (int n = i; n < count; n += 8) {
                driver.put(key(manyName(n)), Body.of(new byte[] {(byte) n}), PutMode.REPLACE);
            }
        });
        assertThat(failures).isEmpty();

        List<String> expected = IntStream.range(0, count)
                .mapToObj(StorageContract::manyName)
                .sorted()
                .toList();
        assertThat(keys("")).containsExactlyElementsOf(expected);
        assertThat(keys("many/packs/3"))
                .containsExactlyElementsOf(expected.stream()
                        .filter(name -> name.startsWith("many/packs/3"))
                        .toList());
        assertThat(keys("many/other/")).hasSize((count + 9) / 10);

        Page<StoredObject> first = driver.list("many/", Optional.empty());
        driver.delete(first.items().getLast().key());
        if (first.next().isPresent()) {
            assertThat(driver.list("many/", first.next())
                            .items()
                            .getFirst()
                            .key()
                            .text())
                    .as("the next page after its neighbour was deleted")
                    .isEqualTo(expected.get(first.items().size()));
        }
    }

    private static String manyName(int n) {
        String hex = String.format("%08x", Integer.reverse(n));
        return n % 10 == 0 ? "many/other/" + hex.substring(0, 1) + "/" + hex : "many/packs/" + hex;
    }

    @Test
    void everyNameAKeyAllowsComesBack() throws Exception {
        List<String> names = new ArrayList<>(List.of(
                "with space",
                " leading and trailing ",
                "two  spaces",
                "caf\u00e9", // NFC
                "\u6f22\u5b57",
                "backup \ud83d\udc18 elephant", // emoji, outside the basic plane
                "\uff5e\ud83d\udc18",
                "it's \"quoted\"",
                "`back` $HOME ${x} $(y)",
                "100%",
                "%2F%41",
                "a+b",
                "a&b=c;d",
                "#hash",
                "what?",
                "star*[a-z]{b}",
                "<tag>|pipe",
                "colon:at@comma,",
                "~tilde^!",
                "-rf",
                "--help",
                ".hidden",
                "...",
                "x".repeat(255),
                "\u00e9".repeat(127) + "z"));
        for (String name : names) {
            if (allowsName(name)) {
                put("names/" + name, "as file " + name);
                put("folders/" + name + "/" + name, "as folder " + name);
            } else {
                assertThatThrownBy(() -> put("names/" + name, name))
                        .isInstanceOfSatisfying(
                                StorageException.Rejected.class,
                                e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.INVALID));
            }
        }
        names.removeIf(name -> !allowsName(name));
        for (String name : names) {
            assertThat(text("names/" + name)).isEqualTo("as file " + name);
            assertThat(text("folders/" + name + "/" + name)).isEqualTo("as folder " + name);
            assertThat(driver.stat(key("names/" + name))).as("stat %s", name).isPresent();
            assertThat(keys("names/" + name)).contains("names/" + name);
            assertThat(keys("folders/" + name + "/")).containsExactly("folders/" + name + "/" + name);
        }
        assertThat(keys("names/"))
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> "names/" + name).toList());
        for (String name : names) {
            driver.delete(key("names/" + name));
        }
        assertThat(keys("names/")).isEmpty();
    }

    @Test
    void theLongestKeyComesBack() throws Exception {
        String part = "k".repeat(255);
        String longest = part + "/" + part + "/" + part + "/" + part; // 1023 bytes
        if (allowsName(part) && allowsLongestKey()) {
            put(longest, "long");
            assertThat(text(longest)).isEqualTo("long");
            assertThat(keys("")).containsExactly(longest);
            put(longest, "long again");
            assertThat(text(longest)).isEqualTo("long again");
        }
    }

    // ---- connections

    @ParameterizedTest
    @EnumSource(DroppingProxy.Cut.class)
    void aConnectionCutInMidUploadIsUnavailable(DroppingProxy.Cut cut) throws Exception {
        DroppingProxy proxy = proxy();
        StorageDriver far = closedLater(openThrough(proxy));
        byte[] old = random(8 * MB, 1);
        driver.put(key("a/object"), Body.of(old), PutMode.REPLACE);
        assertThat(far.stat(key("a/object"))).isPresent();

        for (int megabytes : List.of(0, 3, 7)) {
            for (String name : List.of("a/object", "a/fresh")) {
                proxy.cutUploadAfter(megabytes * (long) MB, cut);
                assertThatThrownBy(() -> far.put(key(name), Body.of(random(8 * MB, 2)), PutMode.REPLACE))
                        .as("%s after %d MB of %s", cut, megabytes, name)
                        .isInstanceOf(StorageException.Unavailable.class);
                assertThat(proxy.hasCut()).isTrue();
                proxy.heal();
            }
        }
        assertThat(bytes("a/object")).isEqualTo(old);
        assertThat(driver.stat(key("a/fresh"))).isEmpty();
        assertThat(keys("")).containsExactly("a/object");

        far.put(key("a/object"), Body.of(random(8 * MB, 2)), PutMode.REPLACE);
        assertThat(seedOf(bytes("a/object"), 8 * MB)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(DroppingProxy.Cut.class)
    void aConnectionCutInMidDownloadIsUnavailable(DroppingProxy.Cut cut) throws Exception {
        DroppingProxy proxy = proxy();
        StorageDriver far = closedLater(openThrough(proxy));
        byte[] content = random(8 * MB, 1);
        driver.put(key("a/object"), Body.of(content), PutMode.REPLACE);
        assertThat(far.stat(key("a/object"))).isPresent();

        for (int megabytes : List.of(0, 3, 7)) {
            for (ByteRange range : List.of(ByteRange.ALL, new ByteRange(100, 7_900_000))) {
                proxy.cutDownloadAfter(megabytes * (long) MB, cut);
                assertThatThrownBy(() -> {
                            try (InputStream in =
                                    far.get(key("a/object"), range).orElseThrow()) {
                                in.readAllBytes();
                            }
                        })
                        .as("%s after %d MB of %s", cut, megabytes, range)
                        .isInstanceOf(StorageException.Unavailable.class);
                assertThat(proxy.hasCut()).isTrue();
                proxy.heal();
            }
        }
        try (InputStream in = far.get(key("a/object"), ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource(DroppingProxy.Cut.class)
    void aConnectionThatDiedIdleIsReplaced(DroppingProxy.Cut cut) throws Exception {
        DroppingProxy proxy = proxy();
        StorageDriver far = closedLater(openThrough(proxy));
        far.put(key("one"), Body.of("1".getBytes(UTF_8)), PutMode.REPLACE);

        proxy.cutIdle(cut);
        assertThat(far.stat(key("one"))).isPresent();
        proxy.cutIdle(cut);
        far.put(key("two"), Body.of("2".getBytes(UTF_8)), PutMode.REPLACE);
        proxy.cutIdle(cut);
        try (InputStream in = far.get(key("two"), ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("2");
        }
        proxy.cutIdle(cut);
        assertThat(far.list("", Optional.empty()).items()).hasSize(2);
        proxy.cutIdle(cut);
        far.delete(key("one"));
        assertThat(keys("")).containsExactly("two");
    }

    @Test
    void aServerThatWasRestartedWorksAgain() throws Exception {
        assumeTrue(restartsServer(), "no server of this driver can be restarted here");
        put("before", "1");
        restartServer();
        assertThat(text("before")).isEqualTo("1");
        restartServer();
        put("after", "2");
        restartServer();
        assertThat(keys("")).containsExactly("after", "before");
    }

    private DroppingProxy proxy() throws IOException {
        Optional<InetSocketAddress> endpoint = endpoint();
        assumeTrue(endpoint.isPresent(), "this driver has no connection that could be cut");
        return closedLater(DroppingProxy.to(endpoint.orElseThrow()));
    }

    // ---- words of these tests, for subclasses too

    protected static ObjectKey key(String text) {
        return new ObjectKey(text);
    }

    protected final void put(String name, String text) throws IOException {
        driver.put(key(name), Body.of(text.getBytes(UTF_8)), PutMode.REPLACE);
    }

    protected final byte[] bytes(String name) throws IOException {
        return read(key(name), ByteRange.ALL);
    }

    protected final String text(String name) throws IOException {
        return new String(bytes(name), UTF_8);
    }

    /** All keys below a prefix in the order they were listed; checks on the way that no key comes twice. */
    protected final List<String> keys(String prefix) throws IOException {
        List<String> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Optional<String> after = Optional.empty();
        do {
            Page<StoredObject> page = driver.list(prefix, after);
            for (StoredObject object : page.items()) {
                assertThat(seen.add(object.key().text()))
                        .as("listed once: %s", object.key())
                        .isTrue();
                all.add(object.key().text());
            }
            if (after.isPresent()) {
                assertThat(page.next()).as("the token of the next page").isNotEqualTo(after);
            }
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    private byte[] read(ObjectKey key, ByteRange range) throws IOException {
        try (InputStream in = driver.get(key, range).orElseThrow(() -> new AssertionError("missing: " + key))) {
            return in.readAllBytes();
        }
    }

    /** The same random bytes for the same seed. */
    protected static byte[] random(int length, int seed) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static int seedOf(byte[] content, int length) {
        return IntStream.range(0, 8)
                .filter(seed -> Arrays.equals(content, random(length, seed)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a mixture of objects, or a part of one: " + content.length));
    }

    /** Runs the same work in several threads that start together; returns what failed. */
    protected static List<Throwable> together(int threads, Work work) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Throwable> failures = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(i -> pool.submit((Callable<?>) () -> {
                        start.await();
                        work.run(i);
                        return i;
                    }))
                    .collect(Collectors.toList());
            start.countDown();
            for (Future<?> each : running) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
        }
        return failures;
    }

    /** One thread's share of the work. */
    protected interface Work {
        void run(int thread) throws Exception;
    }

    private static InputStream stream(byte[] content) {
        return new ByteArrayInputStream(content);
    }

    private static String digest(InputStream in) throws IOException, NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        try (DigestInputStream digesting = new DigestInputStream(in, sha256)) {
            digesting.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static List<Throwable> causes(Throwable thrown) {
        return java.util.stream.Stream.iterate(thrown, java.util.Objects::nonNull, Throwable::getCause)
                .limit(20)
                .toList();
    }

    /** A body that drivers must read as a stream, and that may announce a length it does not have. */
    protected static final class Streamed implements Body {
        private final byte[] content;
        private final long announced;

        public Streamed(byte[] content, long announced) {
            this.content = content;
            this.announced = announced;
        }

        @Override
        public long bytes() {
            return announced;
        }

        @Override
        public InputStream open() {
            return stream(content);
        }
    }

    /** What a dump that died makes of its stream. */
    protected static final class DumpBroke extends IOException {
        private static final long serialVersionUID = 1L;

        public DumpBroke() {
            super("exit code 1");
        }
    }

    /** A body whose stream fails after some bytes, whenever it is opened. */
    protected static final class Broken implements Body {
        private final long announced;
        private final int failAfter;
        private final IOException failure;

        public Broken(long announced, int failAfter, IOException failure) {
            this.announced = announced;
            this.failAfter = failAfter;
            this.failure = failure;
        }

        @Override
        public long bytes() {
            return announced;
        }

        @Override
        public InputStream open() {
            InputStream good = stream(new byte[failAfter]);
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int count = good.read(buffer, offset, length);
                    if (count < 0) {
                        throw failure;
                    }
                    return count;
                }
            };
        }
    }
}
