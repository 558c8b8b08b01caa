package dev.holdfast.core.config;

import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.storage.ObjectLock;
import java.time.Duration;
import java.util.Optional;

/**
 * One more copy of a service's snapshots.
 *
 * @param storage name of the storage that holds the copy
 * @param prefix as in {@link RepositorySettings}
 * @param failureDomain what it would be lost together with, for example {@code hetzner-fsn1}; for people and for the 3-2-1 judgement
 * @param immutable for how long its objects are locked after they are put, a day or longer; empty for not at all
 * @param lockMode who may lift such a lock before its time
 * @param retention its own; empty: that of the service
 */
public record CopyRule(
        String storage,
        String prefix,
        Optional<String> failureDomain,
        Optional<Duration> immutable,
        ObjectLock.Mode lockMode,
        Optional<RetentionPolicy> retention) {
    /** What is put on each new object. */
    public Optional<ObjectLock> lock() {
        return immutable.map(duration -> ObjectLock.covering(lockMode, duration));
    }
}
