package dev.holdfast.shim.database;

/**
 * How a server is backed up.
 *
 * @param parallel databases dumped at the same time, 1 to 8; each beyond the first takes 16 MiB of memory and, on the server, one more connection or two
 */
public record DumpOptions(int parallel) {
    public static final int MAX_PARALLEL = 8;

    public DumpOptions {
        if (parallel < 1 || parallel > MAX_PARALLEL) {
            throw new IllegalArgumentException("--parallel must be 1 to " + MAX_PARALLEL);
        }
    }

    /** One database after the other. */
    public static DumpOptions defaults() {
        return new DumpOptions(1);
    }
}
