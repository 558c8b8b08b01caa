package dev.holdfast.core.catalog;

import java.time.Instant;

/**
 * The right to work on a resource until a time.
 *
 * @param resource what is held, for example {@code repository/<id>/source/shop-db}
 * @param owner the holder, as {@link LeaseOwner#text()} writes it
 * @param fencingToken at least 1, and larger than that of every earlier lease of this resource, for ever
 * @param expires from this instant on anyone may take the lease over; whole milliseconds
 */
public record Lease(String resource, String owner, long fencingToken, Instant expires) {
    public Lease {
        if (resource.isEmpty() || owner.isEmpty()) {
            throw new IllegalArgumentException("a lease needs a resource and an owner");
        }
        if (fencingToken < 1) {
            throw new IllegalArgumentException("a fencing token is at least 1");
        }
    }
}
