package dev.holdfast.core.storage;

import java.io.InterruptedIOException;
import java.time.Duration;

/** The passing of time, as waiting and measuring need it. Tests bring their own. */
public interface Time {
    /** The machine's own. */
    Time SYSTEM = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedIOException {
            try {
                Thread.sleep(duration);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    };

    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();

    /**
     * Waits.
     *
     * @throws InterruptedIOException when the thread was told to stop; it stays marked as interrupted
     */
    void sleep(Duration duration) throws InterruptedIOException;

    /** What to throw when a wait was interrupted; marks the thread again. */
    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("stopped while waiting for the storage");
    }
}
