package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageMetrics.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What callers use to keep objects: a driver with the rules that hold for every provider. Calls that find the storage
 * {@link StorageException.Unavailable} are repeated, streams that break are resumed, calls have a time limit, all bytes
 * share one rate limit, the size of what was put is checked, and everything is counted. Safe for several threads.
 */
public final class Storage implements AutoCloseable {
    private static final int COMPARE_BYTES = 64 * 1024;

    private final StorageDriver driver;
    private final StorageOptions options;
    private final Time time;
    private final RandomGenerator random;
    private final Optional<Throttle> throttle;
    private final Deadline deadline;
    private final Meter meter = new Meter();

    /** With {@link StorageOptions#DEFAULT}. */
    public Storage(StorageDriver driver) {
        this(driver, StorageOptions.DEFAULT);
    }

    public Storage(StorageDriver driver, StorageOptions options) {
        this(driver, options, Time.SYSTEM, RandomGenerator.getDefault());
    }

    /**
     * With other time and randomness.
     *
     * @param random for the length of waits only; used by one thread at a time
     */
    public Storage(StorageDriver driver, StorageOptions options, Time time, RandomGenerator random) {
        this.driver = driver;
        this.options = options;
        this.time = time;
        this.random = random;
        this.throttle = options.rateLimit().map(limit -> new Throttle(limit, time));
        this.deadline = new Deadline(options);
    }

    /** Takes an object's description. */
    @FunctionalInterface
    public interface ObjectConsumer {
        void accept(StoredObject object) throws IOException;
    }

    /** One attempt at a call; the number counts from 1. */
    @FunctionalInterface
    private interface Attempt<T> {
        T run(int number) throws IOException;
    }

    /** Stores an object, all or nothing. */
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        Body paced = throttle.map(t -> t.slow(body)).orElse(body);
        measured(Verb.PUT, () -> {
            repeated(Verb.PUT, number -> {
                putOnce(key, body, paced, mode, number);
                return key;
            });
            verify(key, body);
            meter.of(Verb.PUT).bytes.add(body.bytes());
            return key;
        });
    }

    private void putOnce(ObjectKey key, Body body, Body paced, PutMode mode, int number) throws IOException {
        try {
            deadline.run("put " + key, body.bytes(), () -> {
                driver.put(key, paced, mode);
                return key;
            });
        } catch (StorageException.Rejected e) {
            // an earlier attempt may have stored the object though its answer was lost
            if (e.reason() != Reason.EXISTS || number == 1 || !holds(key, body)) {
                throw e;
            }
        }
    }

    private boolean holds(ObjectKey key, Body body) throws IOException {
        Optional<StoredObject> stored = deadline.run("stat " + key, 0, () -> driver.stat(key));
        if (stored.filter(object -> object.bytes() == body.bytes()).isEmpty()) {
            return false;
        }
        Optional<InputStream> opened = deadline.open("get " + key, () -> driver.get(key, ByteRange.ALL));
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream there = opened.get();
                InputStream ours = body.open()) {
            while (true) {
                byte[] expected = ours.readNBytes(COMPARE_BYTES);
                if (!Arrays.equals(expected, there.readNBytes(COMPARE_BYTES))) {
                    return false;
                }
                if (expected.length == 0) {
                    return true;
                }
            }
        }
    }

    private void verify(ObjectKey key, Body body) throws IOException {
        if (options.verification() == StorageOptions.Verification.NONE) {
            return;
        }
        long bytes = storedBytes(key);
        if (bytes != body.bytes()) {
            throw new StorageException.Corrupt(
                    key + ": stored with " + bytes + " bytes instead of " + body.bytes()
                            + "; another writer, or a storage that changes objects",
                    null);
        }
    }

    private long storedBytes(ObjectKey key) throws IOException {
        try {
            return statOnDriver(Verb.PUT, key)
                    .orElseThrow(() -> new StorageException.Corrupt(
                            key + ": the storage accepted it and does not have it; look for a rule that deletes it",
                            null))
                    .bytes();
        } catch (StorageException.Denied e) {
            throw new StorageException.Denied(
                    key
                            + ": was put, but these credentials may not look at it; allow that, or set verification to none",
                    e);
        }
    }

    /** Opens an object or a part of it; empty when there is none. The stream resumes when its connection is lost. */
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        Optional<InputStream> opened = measured(
                Verb.GET,
                () -> repeated(Verb.GET, number -> deadline.open("get " + key, () -> driver.get(key, range))));
        return opened.map(in -> resuming(key, range, in))
                .map(in -> throttle.map(t -> t.slow(in)).orElse(in));
    }

    private InputStream resuming(ObjectKey key, ByteRange range, InputStream in) {
        return new ResumingInput(
                in,
                range,
                rest -> deadline.open("get " + key, () -> driver.get(key, rest))
                        .orElseThrow(() -> new StorageException.Corrupt(key + ": vanished while it was read", null)),
                (failed, e) -> waitOrThrow(Verb.GET, failed, e),
                meter.of(Verb.GET),
                time);
    }

    /** Size and time of an object; empty when there is none. */
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        return measured(Verb.STAT, () -> statOnDriver(Verb.STAT, key));
    }

    private Optional<StoredObject> statOnDriver(Verb onBehalfOf, ObjectKey key) throws IOException {
        return repeated(onBehalfOf, number -> deadline.run("stat " + key, 0, () -> driver.stat(key)));
    }

    /** Every object below a prefix, in order of key. */
    public List<StoredObject> list(String prefix) throws IOException {
        List<StoredObject> all = new ArrayList<>();
        forEach(prefix, all::add);
        return all;
    }

    /** Gives every object below a prefix to the consumer, in order of key, with no more than one page in memory. */
    public void forEach(String prefix, ObjectConsumer consumer) throws IOException {
        Optional<String> after = Optional.empty();
        do {
            Page<StoredObject> page = page(prefix, after);
            for (StoredObject object : page.items()) {
                consumer.accept(object);
            }
            after = page.next();
        } while (after.isPresent());
    }

    private Page<StoredObject> page(String prefix, Optional<String> after) throws IOException {
        return measured(
                Verb.LIST,
                () -> repeated(
                        Verb.LIST, number -> deadline.run("list " + prefix, 0, () -> driver.list(prefix, after))));
    }

    /** Removes an object; done also when there is none. */
    public void delete(ObjectKey key) throws IOException {
        measured(
                Verb.DELETE,
                () -> repeated(
                        Verb.DELETE,
                        number -> deadline.run("delete " + key, 0, () -> {
                            driver.delete(key);
                            return key;
                        })));
    }

    /** The lock of an object; see {@link StorageDriver#lock}. */
    public Optional<HeldLock> lock(ObjectKey key) throws IOException {
        return measured(
                Verb.STAT,
                () -> repeated(
                        Verb.STAT, number -> deadline.run("look at the lock of " + key, 0, () -> driver.lock(key))));
    }

    /** Lengthens the lock of an object; see {@link StorageDriver#extendLock}. */
    public void extendLock(ObjectKey key, HeldLock lock) throws IOException {
        measured(
                Verb.LOCK,
                () -> repeated(
                        Verb.LOCK,
                        number -> deadline.run("lock " + key, 0, () -> {
                            driver.extendLock(key, lock);
                            return key;
                        })));
    }

    /** What is kept below a prefix and not listed; see {@link StorageDriver#listHidden}. */
    public List<HiddenVersion> listHidden(String prefix) throws IOException {
        List<HiddenVersion> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Optional<String> from = after;
            Page<HiddenVersion> page = measured(
                    Verb.LIST,
                    () -> repeated(
                            Verb.LIST,
                            number -> deadline.run(
                                    "list versions below " + prefix, 0, () -> driver.listHidden(prefix, from))));
            all.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    public Set<Capability> capabilities() {
        return driver.capabilities();
    }

    /** What was done so far. */
    public StorageMetrics metrics() {
        return meter.snapshot();
    }

    @Override
    public void close() throws IOException {
        driver.close();
    }

    private <T> T repeated(Verb verb, Attempt<T> attempt) throws IOException {
        for (int number = 1; ; number++) {
            try {
                return attempt.run(number);
            } catch (StorageException.Unavailable e) {
                waitOrThrow(verb, number, e);
            }
        }
    }

    private void waitOrThrow(Verb verb, int failed, StorageException.Unavailable e) throws IOException {
        Optional<Duration> wait = waitAfter(failed, e);
        if (wait.isEmpty()) {
            throw e;
        }
        time.sleep(wait.get());
        meter.of(verb).retries.increment();
    }

    private Optional<Duration> waitAfter(int failed, StorageException.Unavailable e) {
        synchronized (random) {
            return options.retry().waitAfter(failed, e, random);
        }
    }

    private <T> T measured(Verb verb, Deadline.Call<T> call) throws IOException {
        Meter.Counters counters = meter.of(verb);
        long start = time.nanos();
        boolean done = false;
        try {
            T result = call.run();
            done = true;
            return result;
        } finally {
            counters.calls.increment();
            counters.nanos.add(time.nanos() - start);
            if (!done) {
                counters.failures.increment();
            }
        }
    }
}
