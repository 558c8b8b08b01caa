package dev.holdfast.core.pipeline;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads several streams of a source at the same time, each on a thread of its own, and hands them on in the order in which the source gave
 * them. The first that fails stops the others.
 */
final class SideBySide {
    private final BackupSource source;
    private final int atMost;
    private final Reader reader;
    private final Consumer<StreamRead> sink;
    private final Deque<Reading> begun = new ArrayDeque<>();
    private final BlockingQueue<Reading> ended = new LinkedBlockingQueue<>();

    /**
     * For one source.
     *
     * @param sink given each stream once it and all before it are whole; called by the thread that calls {@link #readAll}
     */
    SideBySide(BackupSource source, int atMost, Reader reader, Consumer<StreamRead> sink) {
        this.source = source;
        this.atMost = atMost;
        this.reader = reader;
        this.sink = sink;
    }

    /** Reads one stream that is open, to its end; called by several threads. */
    @FunctionalInterface
    interface Reader {
        StreamRead read(String name, InputStream in) throws IOException;
    }

    void readAll() throws IOException {
        try (ExecutorService threads = Executors.newFixedThreadPool(atMost, Threads.named("holdfast-read"))) {
            try {
                readAll(threads);
            } catch (IOException | RuntimeException | Error e) {
                stopAll(e);
                throw e;
            }
        }
    }

    private void readAll(ExecutorService threads) throws IOException {
        int running = 0;
        while (true) {
            Optional<NamedStream> next = running < atMost ? source.next() : Optional.empty();
            if (next.isPresent()) {
                Reading reading = new Reading(next.get());
                begun.add(reading);
                reading.future = threads.submit(reading);
                running++;
            } else if (running == 0) {
                return;
            } else {
                Threads.get(ended().future());
                running--;
                while (!begun.isEmpty() && begun.peek().future().isDone()) {
                    sink.accept(Threads.get(begun.remove().future()));
                }
            }
        }
    }

    private Reading ended() throws IOException {
        try {
            return ended.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while streams were read");
        }
    }

    private void stopAll(Throwable failure) {
        for (Reading reading : begun) {
            try {
                reading.stop();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private final class Reading implements Callable<StreamRead> {
        private final NamedStream stream;
        private @Nullable Future<StreamRead> future;
        private @Nullable InputStream in;
        private boolean stopped;

        Reading(NamedStream stream) {
            this.stream = stream;
        }

        Future<StreamRead> future() {
            Future<StreamRead> submitted = future;
            if (submitted == null) {
                throw new IllegalStateException("not submitted yet");
            }
            return submitted;
        }

        @Override
        public StreamRead call() throws IOException {
            try (InputStream opened = open()) {
                return reader.read(stream.name(), opened);
            } finally {
                ended.add(this);
            }
        }

        private synchronized InputStream open() throws IOException {
            if (stopped) {
                throw new InterruptedIOException("another stream has failed");
            }
            InputStream opened = stream.source().open();
            in = opened;
            return opened;
        }

        /** Ends a read that waits: closing a stream does, by the contract of such sources. */
        synchronized void stop() throws IOException {
            stopped = true;
            InputStream opened = in;
            if (opened != null) {
                opened.close();
            }
        }
    }
}
