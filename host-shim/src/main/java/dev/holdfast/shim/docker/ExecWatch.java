package dev.holdfast.shim.docker;

import java.time.Duration;
import java.util.Optional;

/**
 * Finds out that a command is dead while its connection stays open: something else may hold its output, and say nothing or go on writing. What
 * still lies in buffers on the way is not taken for that.
 */
final class ExecWatch {
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** While bytes come, nothing hints at a death; a command may be killed and its child go on for hours. */
    private static final Duration WHILE_BUSY = Duration.ofSeconds(5);

    private static final Duration GRACE = Duration.ofSeconds(3);
    /** More than all buffers between a command and its reader hold: pipes and sockets have less than 1 MiB each. */
    private static final long BUFFERED_BYTES = 8 << 20;

    private static final Duration DRAINED = Duration.ofMillis(50);

    private final HijackedConnection connection;
    private final Probe probe;
    private final Loss loss;
    private final Thread thread;
    private long askedNanos = System.nanoTime();
    private long deadNanos;
    private long takenAtDeath;

    ExecWatch(String command, HijackedConnection connection, Probe probe, Loss loss) {
        this.connection = connection;
        this.probe = probe;
        this.loss = loss;
        this.thread = Thread.ofPlatform().daemon().name("exec-watch-" + command).unstarted(this::watch);
    }

    /**
     * That the command, or its container, is no more.
     *
     * @param failed whether the exit code says that its output is worth nothing
     */
    record Death(String why, boolean failed) {}

    /** Asks the engine; empty while the command lives. */
    @FunctionalInterface
    interface Probe {
        Optional<Death> ask() throws EngineException;
    }

    /** Told once, with the reason, that nothing of worth comes any more. */
    @FunctionalInterface
    interface Loss {
        void because(String why);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    private void watch() {
        int unanswered = 0;
        while (true) {
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long since = connection.waitingSinceNanos();
            long now = System.nanoTime();
            boolean silent = since != 0 && now - since >= EVERY.toNanos();
            if (!silent && now - askedNanos < WHILE_BUSY.toNanos() && deadNanos == 0) {
                unanswered = 0;
                continue;
            }
            askedNanos = now;
            try {
                Optional<Death> death = probe.ask();
                unanswered = 0;
                Optional<String> why = death.flatMap(one -> verdict(one, since));
                if (why.isPresent()) {
                    loss.because(why.get());
                    return;
                }
            } catch (EngineException e) {
                unanswered = silent ? unanswered + 1 : 0;
                if (unanswered == 3) {
                    loss.because("the engine has not answered three times: " + e.getMessage());
                    return;
                }
            }
        }
    }

    /** Why to give up on a command that is dead; empty while its last words may be on their way. */
    private Optional<String> verdict(Death death, long since) {
        long now = System.nanoTime();
        if (deadNanos == 0) {
            deadNanos = now;
            takenAtDeath = connection.bytesTaken();
        }
        long waitedNanos = since == 0 || connection.waitingSinceNanos() != since ? 0 : now - since;
        if (waitedNanos > GRACE.toNanos()) {
            return Optional.of(death.why() + " and its output was never closed");
        }
        boolean more = connection.bytesTaken() - takenAtDeath > BUFFERED_BYTES;
        boolean drained = waitedNanos > DRAINED.toNanos() && now - deadNanos > GRACE.toNanos();
        return death.failed() && (more || drained)
                ? Optional.of(death.why() + " and something else goes on writing to its output")
                : Optional.empty();
    }
}
