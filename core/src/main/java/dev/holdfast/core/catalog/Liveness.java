package dev.holdfast.core.catalog;

import java.io.IOException;

/** Tells whether a holder of a lease is known to be gone, so that nobody waits for the rest of its time. */
@FunctionalInterface
public interface Liveness {
    /** Every holder may be alive: leases only end by release or expiry. */
    Liveness UNKNOWN = owner -> false;

    /**
     * True only when the owner is certainly gone; false when it lives, or when nobody can tell from here.
     *
     * @param owner as {@link Lease#owner()}
     */
    boolean isGone(String owner) throws IOException;

    /**
     * Judges processes of this host, this boot and this process id namespace: gone when the process id is free, or was given to a
     * process that started at another time. Any other owner may be alive.
     */
    static Liveness ofProcesses(String host) {
        return owner -> {
            LeaseOwner holder = LeaseOwner.parse(owner).orElse(null);
            return holder != null
                    && holder.host().equals(host.replace(':', '_'))
                    && holder.scope().equals(LeaseOwner.currentScope())
                    && LeaseOwner.startOf(holder.pid())
                            .map(start -> start != holder.start())
                            .orElse(true);
        };
    }
}
