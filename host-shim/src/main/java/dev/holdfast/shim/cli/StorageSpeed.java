package dev.holdfast.shim.cli;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** How fast a storage takes and gives objects of a pack's size, several at a time as a backup does. They are removed again. */
final class StorageSpeed {
    private static final int OBJECT_BYTES = 32 << 20;
    private static final int AT_A_TIME = 3;
    private static final int BUFFER_BYTES = 256 << 10;

    private final Storage storage;
    private final byte[] content = new byte[OBJECT_BYTES];
    private final List<ObjectKey> keys;

    /** Measures with {@code objects} objects of 32 MiB under {@code probe/}. */
    StorageSpeed(Storage storage, int objects) {
        this.storage = storage;
        this.keys = IntStream.range(0, objects)
                .mapToObj(number -> new ObjectKey("probe/holdfast-speed-" + number))
                .toList();
        new Random().nextBytes(content);
    }

    /** Writes, reads, removes. */
    Rates run() throws IOException {
        Rates rates;
        try {
            double up = rate(key -> storage.put(key, Body.of(content), PutMode.REPLACE));
            rates = new Rates(up, rate(this::read));
        } catch (IOException | RuntimeException e) {
            for (ObjectKey key : keys) {
                removeAfter(key, e);
            }
            throw e;
        }
        for (ObjectKey key : keys) {
            storage.delete(key);
        }
        return rates;
    }

    private void removeAfter(ObjectKey key, Exception failure) {
        try {
            storage.delete(key);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void read(ObjectKey key) throws IOException {
        long read = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = storage.get(key, ByteRange.ALL)
                .orElseThrow(() -> new IOException(key + " was written and is not there"))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                read += n;
            }
        }
        if (read != OBJECT_BYTES) {
            throw new IOException(key + " came back with " + read + " bytes instead of " + OBJECT_BYTES);
        }
    }

    /** Bytes a second over all objects. */
    private double rate(Action action) throws IOException {
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<?>> running = new ArrayList<>();
            for (ObjectKey key : keys) {
                running.add(threads.submit(() -> {
                    action.run(key);
                    return key;
                }));
            }
            for (Future<?> one : running) {
                get(one);
            }
        }
        return (double) keys.size() * OBJECT_BYTES / ((System.nanoTime() - begun) / 1e9);
    }

    private static void get(Future<?> one) throws IOException {
        try {
            one.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("the measurement failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
    }

    /** One verb on one object. */
    @FunctionalInterface
    private interface Action {
        void run(ObjectKey key) throws IOException;
    }

    /** Bytes a second. */
    record Rates(double up, double down) {}
}
