package dev.holdfast.shim.postgres;

import dev.holdfast.core.source.DumpFailedException;
import java.io.IOException;

/**
 * What happens on a replica when a query needs rows that the primary has cleaned up: the replica holds its replay for {@code
 * max_standby_streaming_delay} and then cancels the query. Source: PostgreSQL documentation, "Handling Query Conflicts" of hot standby.
 */
final class RecoveryConflict {
    private static final String SAID = "conflict with recovery";

    private RecoveryConflict() {}

    /** The same failure, with what to do about it when it is such a conflict. */
    static IOException explained(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.contains(SAID)) {
            return failure;
        }
        return new DumpFailedException(
                message + "\nThe replica had to go on with what its primary did, and ended the dump for that. Set"
                        + " hot_standby_feedback = on on the replica, or max_standby_streaming_delay to more than a dump takes"
                        + " (-1: no limit)",
                failure);
    }
}
