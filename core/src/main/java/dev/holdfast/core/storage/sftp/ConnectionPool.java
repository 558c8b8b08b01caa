package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * A bounded number of connections. Each use takes an idle one, else opens one more, else shares the least used one: SFTP
 * interleaves requests, so nobody waits for a stream that somebody forgot to close.
 */
final class ConnectionPool implements AutoCloseable {
    private final Connector connector;
    private final int limit;
    private final List<Member> members = new ArrayList<>();
    private int opening;
    private boolean closed;

    ConnectionPool(Connector connector, int limit) {
        this.connector = connector;
        this.limit = limit;
    }

    /** What is done on a connection; it may be done twice when the first connection turns out to be dead. */
    interface Step<T> {
        T on(Lease lease) throws IOException;
    }

    /**
     * Does a step that changes nothing, or that may as well be done twice. When a connection that was open before is
     * found dead, the step is repeated once on a fresh one. The lease ends with the step unless it {@linkplain
     * Lease#keep() is kept}.
     */
    <T> T run(String what, Step<T> step) throws IOException {
        Lease first = acquire();
        try {
            return once(first, what, step);
        } catch (StorageException.Unavailable e) {
            if (!first.reused || first.connection().isUsable()) {
                throw e;
            }
            return once(replace(first), what, step);
        }
    }

    private static <T> T once(Lease lease, String what, Step<T> step) throws IOException {
        try {
            T result = step.on(lease);
            if (!lease.kept) {
                lease.close();
            }
            return result;
        } catch (SFTPException e) {
            lease.close();
            throw SftpErrors.of(e, what);
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private Lease acquire() throws StorageException {
        synchronized (this) {
            while (true) {
                if (closed) {
                    throw new IllegalStateException("storage is closed");
                }
                members.removeIf(member -> !member.connection.isUsable() && member.users == 0 && abandon(member));
                Optional<Member> idle = usable().filter(member -> member.users == 0);
                if (idle.isEmpty() && members.size() + opening < limit) {
                    opening++;
                    break;
                }
                Optional<Member> found = idle.isPresent() ? idle : usable();
                if (found.isPresent()) {
                    return lease(found.get(), true);
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StorageException.Unavailable("interrupted while waiting for an SFTP connection", e);
                }
            }
        }
        return open();
    }

    private Lease replace(Lease dead) throws StorageException {
        synchronized (this) {
            members.remove(dead.member);
            opening++;
        }
        return open();
    }

    private Lease open() throws StorageException {
        Optional<Member> opened = Optional.empty();
        try {
            opened = Optional.of(new Member(connector.connect()));
        } finally {
            synchronized (this) {
                opening--;
                opened.ifPresent(members::add);
                opened.ifPresent(member -> member.users++);
                notifyAll();
            }
        }
        return new Lease(opened.get(), false);
    }

    private Optional<Member> usable() {
        return members.stream()
                .filter(member -> member.connection.isUsable())
                .min(Comparator.comparingInt(member -> member.users));
    }

    private Lease lease(Member member, boolean reused) {
        member.users++;
        return new Lease(member, reused);
    }

    private synchronized void release(Member member) {
        member.users--;
        if (member.users == 0 && !member.connection.isUsable() && members.remove(member)) {
            abandon(member);
        }
        notifyAll();
    }

    /** Ends a connection that is of no use any more. */
    private static boolean abandon(Member member) {
        member.connection.abort();
        return true;
    }

    @Override
    public void close() {
        List<Member> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(members);
            members.clear();
            notifyAll();
        }
        for (Member member : open) {
            member.connection.close();
        }
    }

    private static final class Member {
        private final SftpConnection connection;
        private int users;

        private Member(SftpConnection connection) {
            this.connection = connection;
        }
    }

    /** The right to use a connection until closed. */
    final class Lease implements AutoCloseable {
        private final Member member;
        private final boolean reused;
        private boolean kept;
        private boolean released;

        private Lease(Member member, boolean reused) {
            this.member = member;
            this.reused = reused;
        }

        SftpConnection connection() {
            return member.connection;
        }

        /** Lets the lease outlive its step: whoever takes it closes it. */
        Lease keep() {
            kept = true;
            return this;
        }

        @Override
        public void close() {
            if (!released) {
                released = true;
                release(member);
            }
        }
    }
}
