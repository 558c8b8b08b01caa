package dev.holdfast.shim.database;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The dumps of a source that are begun and not settled yet, in order. Used by one thread; others read the dumps. */
public final class OpenDumps<D extends OpenDumps.Dump> implements AutoCloseable {
    private final int atMost;
    private final Deque<D> open = new ArrayDeque<>();

    /**
     * None yet.
     *
     * @param atMost dumps that may be read at the same time
     */
    public OpenDumps(int atMost) {
        this.atMost = atMost;
    }

    /** One database's dump. */
    public interface Dump extends AutoCloseable {
        /** Whether its stream was read to its end; may be asked while another thread reads it. */
        boolean isWhole();

        @Override
        void close() throws IOException;
    }

    /** What is done with a dump that is whole. */
    @FunctionalInterface
    public interface Settling<D> {
        void settle(D dump) throws IOException;
    }

    public void add(D dump) {
        open.add(dump);
    }

    public boolean isEmpty() {
        return open.isEmpty();
    }

    /** Settles those that are whole, and the oldest in any case when no further one may be read beside it: it was not read to its end then. */
    public void settleForOneMore(Settling<D> settling) throws IOException {
        for (D dump : List.copyOf(open)) {
            if (dump.isWhole()) {
                settling.settle(dump);
                open.remove(dump);
            }
        }
        if (open.size() >= atMost) {
            settling.settle(open.getFirst());
            open.removeFirst();
        }
    }

    /** Settles all. */
    public void settleAll(Settling<D> settling) throws IOException {
        for (D dump : List.copyOf(open)) {
            settling.settle(dump);
            open.remove(dump);
        }
    }

    /** Ends those that are left. */
    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (D dump : open) {
            try {
                dump.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        open.clear();
        if (!failures.isEmpty()) {
            IOException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
