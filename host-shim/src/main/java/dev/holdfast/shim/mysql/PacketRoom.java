package dev.holdfast.shim.mysql;

import java.io.Closeable;
import java.io.IOException;

/**
 * Raises the server's max_allowed_packet while a dump is loaded: a row that fitted in when it was written can be twice as long as text,
 * since bytes are written as hex. Where that is not allowed, the server keeps its own limit and refuses rows that are longer.
 */
final class PacketRoom implements Closeable {
    private static final long MOST_BYTES = 1L << 30;

    private final MysqlServer server;
    private final long before;

    private PacketRoom(MysqlServer server, long before) {
        this.server = server;
        this.before = before;
    }

    static PacketRoom make(MysqlServer server) throws IOException {
        long before;
        try (MysqlSession session = server.session()) {
            before = Long.parseLong(session.value("SELECT @@GLOBAL.max_allowed_packet"));
        }
        PacketRoom room = new PacketRoom(server, before);
        return before < MOST_BYTES && room.set(MOST_BYTES) ? room : new PacketRoom(server, MOST_BYTES);
    }

    @Override
    public void close() throws IOException {
        if (before < MOST_BYTES) {
            set(before);
        }
    }

    /** Whether it was allowed. */
    private boolean set(long bytes) throws IOException {
        try (MysqlSession session = server.session()) {
            session.execute("SET GLOBAL max_allowed_packet = " + bytes);
            return true;
        } catch (SqlFailedException e) {
            return false;
        }
    }
}
