package dev.holdfast.shim.postgres;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Names beside a database, and the step that puts one in another's place. */
final class DatabaseSwap {
    /** NAMEDATALEN - 1. */
    private static final int MAX_NAME_BYTES = 63;

    private static final SecureRandom RANDOM = new SecureRandom();

    private DatabaseSwap() {}

    /** {@code name_word_8hex}, cut so that it fits into a name of 63 bytes. */
    static String beside(String name, String word) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        String suffix = "_" + word + "_" + HexFormat.of().formatHex(random);
        String head = name;
        while (head.getBytes(StandardCharsets.UTF_8).length + suffix.length() > MAX_NAME_BYTES) {
            head = head.substring(0, head.offsetByCodePoints(head.length(), -1));
        }
        return head + suffix;
    }

    /**
     * Puts {@code fresh} in the place of {@code name}, which becomes {@code aside}. Nobody can connect to the old one meanwhile, and both
     * renames are one transaction: whatever fails, the old database has its name.
     */
    static void swap(PsqlSession session, String name, String fresh, String aside) throws IOException {
        session.execute("ALTER DATABASE " + Sql.identifier(name) + " ALLOW_CONNECTIONS false");
        try {
            terminate(session, name);
            terminate(session, fresh);
            session.execute("BEGIN");
            try {
                rename(session, name, aside);
                rename(session, fresh, name);
                session.execute("COMMIT");
            } catch (SqlFailedException e) {
                session.execute("ROLLBACK");
                throw e;
            }
        } catch (IOException e) {
            throw notSwapped(session, name, e);
        }
    }

    static void rename(PsqlSession session, String from, String to) throws IOException {
        session.execute("ALTER DATABASE " + Sql.identifier(from) + " RENAME TO " + Sql.identifier(to));
    }

    static void drop(PsqlSession session, String name) throws IOException {
        session.execute("ALTER DATABASE " + Sql.identifier(name) + " ALLOW_CONNECTIONS false");
        terminate(session, name);
        session.execute("DROP DATABASE " + Sql.identifier(name));
    }

    static boolean exists(PsqlSession session, String name) throws IOException {
        return !session.execute("SELECT 1 FROM pg_database WHERE datname = " + Sql.literal(name))
                .isEmpty();
    }

    private static void terminate(PsqlSession session, String name) throws IOException {
        session.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
                        + Sql.literal(name));
    }

    private static RestoreFailedException notSwapped(PsqlSession session, String name, IOException cause) {
        String reopen = "ALTER DATABASE " + Sql.identifier(name) + " ALLOW_CONNECTIONS true";
        try {
            session.execute(reopen);
            return new RestoreFailedException(
                    "database " + name + " could not be replaced and is as it was: " + cause.getMessage(), cause);
        } catch (IOException e) {
            cause.addSuppressed(e);
            return new RestoreFailedException(
                    "database " + name + " could not be replaced: " + cause.getMessage()
                            + ". It has its data and name, but refuses connections until someone runs: " + reopen,
                    cause);
        }
    }
}
