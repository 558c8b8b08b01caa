package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.catalog.LeaseHeldException;
import dev.holdfast.core.catalog.LeaseLostException;
import dev.holdfast.core.catalog.Liveness;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Who holds what. The row of a resource stays when its lease is released, so that the next token is larger. */
final class LeaseTable {
    private final Database database;
    private final Supplier<Instant> now;
    private final Liveness liveness;

    LeaseTable(Database database, Supplier<Instant> now, Liveness liveness) {
        this.database = database;
        this.now = now;
        this.liveness = liveness;
    }

    Lease acquire(String resource, String owner, Duration timeToLive) throws IOException {
        requirePositive(timeToLive);
        return database.change(() -> {
            Optional<Held> last = held(resource);
            if (last.isPresent() && last.get().owner().isPresent()) {
                String holder = last.get().owner().get();
                if (now.get().isBefore(last.get().expires()) && !liveness.isGone(holder)) {
                    throw new LeaseHeldException(new Lease(
                            resource, holder, last.get().token(), last.get().expires()));
                }
            }
            Lease lease = new Lease(
                    resource,
                    owner,
                    last.map(Held::token).orElse(0L) + 1,
                    now.get().plus(timeToLive));
            database.update(
                    "INSERT INTO lease (resource, owner, token, expires) VALUES (?, ?, ?, ?) ON CONFLICT (resource)"
                            + " DO UPDATE SET owner = excluded.owner, token = excluded.token, expires = excluded.expires",
                    lease.resource(),
                    lease.owner(),
                    lease.fencingToken(),
                    lease.expires().toEpochMilli());
            return lease;
        });
    }

    Lease renew(Lease lease, Duration timeToLive) throws IOException {
        requirePositive(timeToLive);
        return database.change(() -> {
            requireOurs(lease);
            Lease renewed = new Lease(
                    lease.resource(),
                    lease.owner(),
                    lease.fencingToken(),
                    now.get().plus(timeToLive));
            database.update(
                    "UPDATE lease SET expires = ? WHERE resource = ? AND token = ?",
                    renewed.expires().toEpochMilli(),
                    lease.resource(),
                    lease.fencingToken());
            return renewed;
        });
    }

    void release(Lease lease) throws IOException {
        database.change(() -> database.update(
                "UPDATE lease SET owner = NULL WHERE resource = ? AND token = ? AND owner = ?",
                lease.resource(),
                lease.fencingToken(),
                lease.owner()));
    }

    void verify(Lease lease) throws IOException {
        Instant expires = database.read(() -> requireOurs(lease));
        if (!now.get().isBefore(expires)) {
            throw new LeaseLostException(lease, "it expired at " + expires);
        }
    }

    /** The latest lease of a resource; the owner is empty once it was released. */
    private record Held(Optional<String> owner, long token, Instant expires) {}

    private Optional<Held> held(String resource) throws SQLException {
        try (PreparedStatement statement =
                        database.prepared("SELECT owner, token, expires FROM lease WHERE resource = ?", resource);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Held(
                            Optional.ofNullable(row.getString(1)),
                            row.getLong(2),
                            Instant.ofEpochMilli(row.getLong(3))))
                    : Optional.empty();
        }
    }

    private Instant requireOurs(Lease lease) throws SQLException, LeaseLostException {
        Held held = held(lease.resource()).orElseThrow(() -> new LeaseLostException(lease, "the catalog has none"));
        if (held.token() != lease.fencingToken()) {
            throw new LeaseLostException(lease, "it was taken over with token " + held.token());
        }
        if (!held.owner().equals(Optional.of(lease.owner()))) {
            throw new LeaseLostException(lease, "it was released");
        }
        return held.expires();
    }

    private static void requirePositive(Duration timeToLive) {
        if (!timeToLive.isPositive()) {
            throw new IllegalArgumentException("a lease must live longer than zero");
        }
    }
}
