package dev.holdfast.core.pipeline;

import java.util.concurrent.atomic.LongAdder;

/** What a run has done so far; written by the pipeline, read by whoever shows it. Safe for use by several threads. */
public final class RunProgress {
    private final LongAdder read = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private volatile String stream = "";

    void addRead(long bytes) {
        read.add(bytes);
    }

    void addStored(long bytes) {
        stored.add(bytes);
    }

    void stream(String name) {
        stream = name;
    }

    /** Bytes of plain text read from the source, or given to the sink. */
    public long bytesRead() {
        return read.sum();
    }

    /** Bytes of packs that are in the storage. */
    public long bytesStored() {
        return stored.sum();
    }

    /** The stream at work; empty before the first. */
    public String stream() {
        return stream;
    }
}
