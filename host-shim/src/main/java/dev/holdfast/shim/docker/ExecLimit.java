package dev.holdfast.shim.docker;

import dev.holdfast.core.source.DumpFailedException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends a command inside a container when its time is over, while another thread reads its output. */
final class ExecLimit implements AutoCloseable {
    private final ExecStream exec;
    private final Duration limit;
    private final Thread watch;
    private volatile boolean over;
    private volatile @Nullable IOException failure;

    ExecLimit(ExecStream exec, Duration limit) {
        this.exec = exec;
        this.limit = limit;
        this.watch = Thread.ofPlatform().daemon().name("exec-limit").start(this::watch);
    }

    private void watch() {
        try {
            Thread.sleep(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        over = true;
        try {
            exec.kill();
        } catch (IOException e) {
            failure = e;
            giveUp(e);
        }
    }

    /** What could not be ended is left to itself, but not waited for. */
    private void giveUp(IOException because) {
        try {
            exec.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Throws when the time was over before the command ended by itself; to be asked once it has ended, also with a failure. */
    void requireKept() throws DumpFailedException {
        if (over) {
            String told = exec.describe() + " did not end within " + limit.toSeconds() + " s and was ended";
            IOException because = failure;
            throw because == null ? new DumpFailedException(told) : new DumpFailedException(told, because);
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
