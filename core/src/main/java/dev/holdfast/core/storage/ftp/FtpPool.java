package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** At most so many connections; idle ones are kept for the next user. Safe for several threads. */
final class FtpPool {
    /** Something to do on a connection. */
    interface Use<T> {
        T on(FtpConnection connection) throws IOException;
    }

    /** Finds the addresses of a host, in the order to try them. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final FtpEndpoint endpoint;
    private final FtpTrust trust;
    private final FtpTimeouts timeouts;
    private final Supplier<String> password;
    private final FtpErrors errors;
    private final Resolver resolver;
    private final Semaphore turns;
    private final Deque<FtpConnection> idle = new ArrayDeque<>();
    private @Nullable InetAddress lastGood;
    private boolean closed;

    FtpPool(FtpEndpoint endpoint, FtpTrust trust, FtpTimeouts timeouts, Supplier<String> password, Resolver resolver) {
        this.endpoint = endpoint;
        this.trust = trust;
        this.timeouts = timeouts;
        this.password = password;
        this.resolver = resolver;
        this.errors = new FtpErrors(endpoint);
        this.turns = new Semaphore(endpoint.connections(), true);
    }

    /** Does something on a connection that is given back afterwards. */
    <T> T with(Use<T> use) throws IOException {
        Lease lease = lease();
        try {
            return lease.call(use);
        } finally {
            lease.close();
        }
    }

    /** A connection until {@link Lease#close()}. */
    Lease lease() throws IOException {
        awaitTurn();
        try {
            @Nullable FtpConnection kept = takeIdle();
            if (kept != null) {
                kept.reuse();
                return new Lease(kept, true);
            }
            return new Lease(connect(), false);
        } catch (IOException | RuntimeException e) {
            turns.release();
            throw e;
        }
    }

    private void awaitTurn() throws IOException {
        try {
            if (!turns.tryAcquire(timeouts.turn().toNanos(), TimeUnit.NANOSECONDS)) {
                throw errors.lost(
                        "waiting for a connection",
                        "all " + endpoint.connections() + " stayed in use; read or close open downloads",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.lost("waiting for a connection", "interrupted", e);
        }
    }

    private synchronized @Nullable FtpConnection takeIdle() throws IOException {
        if (closed) {
            throw errors.lost("call", "the storage is closed", null);
        }
        return idle.pollLast();
    }

    private synchronized boolean keep(FtpConnection connection) {
        if (!closed) {
            idle.addLast(connection);
        }
        return !closed;
    }

    /** Tries every address of the host, the one that worked last first. A refusal by the server itself is final. */
    private FtpConnection connect() throws IOException {
        @Nullable StorageException first = null;
        for (InetAddress address : addresses()) {
            try {
                FtpConnection connection = FtpConnection.open(endpoint, address, trust, timeouts, password);
                remember(address);
                return connection;
            } catch (StorageException.Unavailable e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        throw first == null ? errors.lost("connection", "the host has no address", null) : first;
    }

    private List<InetAddress> addresses() throws StorageException {
        try {
            List<InetAddress> all = new ArrayList<>(Arrays.asList(resolver.addresses(endpoint.host())));
            @Nullable InetAddress good = lastGood();
            if (good != null && all.remove(good)) {
                all.addFirst(good);
            }
            return all;
        } catch (UnknownHostException e) {
            throw errors.broken("connection", e);
        }
    }

    private synchronized @Nullable InetAddress lastGood() {
        return lastGood;
    }

    private synchronized void remember(InetAddress address) {
        lastGood = address;
    }

    /** Says goodbye to idle connections; those in use end when they are given back. */
    void close() {
        List<FtpConnection> leaving;
        synchronized (this) {
            closed = true;
            leaving = List.copyOf(idle);
            idle.clear();
        }
        leaving.forEach(FtpConnection::quit);
    }

    /** One turn, with a connection. */
    final class Lease implements AutoCloseable {
        private FtpConnection connection;
        private boolean kept;
        private boolean returned;

        private Lease(FtpConnection connection, boolean kept) {
            this.connection = connection;
            this.kept = kept;
        }

        /**
         * Does something, and once more on a new connection when the server had dropped the idle one: then it has not
         * answered, and nothing was done.
         */
        <T> T call(Use<T> use) throws IOException {
            try {
                return use.on(connection);
            } catch (StorageException.Unavailable e) {
                if (!kept || connection.hasAnswered()) {
                    throw e;
                }
                kept = false;
                connection.drop();
                connection = connect();
                return use.on(connection);
            }
        }

        FtpConnection connection() {
            return connection;
        }

        /** The connection, or a new one in its place when it is broken. */
        FtpConnection renewed() throws IOException {
            if (connection.isBroken()) {
                connection = connect();
            }
            return connection;
        }

        /** Gives the turn back, once; the connection is kept unless it is broken. */
        @Override
        public void close() {
            if (!returned) {
                returned = true;
                if (!connection.isBroken() && !keep(connection)) {
                    connection.quit();
                }
                turns.release();
            }
        }
    }
}
