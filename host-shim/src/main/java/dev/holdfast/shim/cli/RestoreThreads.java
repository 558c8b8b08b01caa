package dev.holdfast.shim.cli;

/** How many pieces of 8 MiB a restore fetches and opens at the same time. */
final class RestoreThreads {
    private RestoreThreads() {}

    /** At least 3, so that a slow storage is asked ahead; at most 8, because each takes about 25 MiB. */
    static int count() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() + 1L, 3, 8);
    }
}
