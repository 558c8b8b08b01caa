package dev.holdfast.shim.postgres;

import dev.holdfast.shim.database.Replicas;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server that a backup reads from: the first labelled replica that has replayed all that its primary had written when the backup began,
 * else the primary. So a dump from a replica is never older than one from the primary would be.
 *
 * @param replica the container of the replica; empty when the primary is read
 * @param warnings why replicas are not used
 */
record ReplicaChoice(PostgresServer server, Optional<String> replica, List<String> warnings) {
    /** How long a replica may need to catch up. */
    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    private static final Duration ASK_EVERY = Duration.ofMillis(200);

    ReplicaChoice {
        warnings = List.copyOf(warnings);
    }

    static ReplicaChoice of(Engine engine, PostgresServer primary) throws IOException {
        List<Container> replicas = new Replicas(engine.containers()).of(primary.container());
        List<String> warnings = new ArrayList<>();
        if (replicas.isEmpty()) {
            return new ReplicaChoice(primary, Optional.empty(), warnings);
        }
        for (Container replica : replicas) {
            try {
                Position position = Position.of(primary);
                PostgresServer server = primary.ofContainer(replica.name());
                server.toolVersion("pg_dump");
                requireCurrent(server, position);
                return new ReplicaChoice(server, Optional.of(replica.name()), warnings);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                warnings.add("replica " + replica.name() + " is not used: " + e.getMessage());
            }
        }
        warnings.add("the backup reads from the primary, " + primary.container().name());
        return new ReplicaChoice(primary, Optional.empty(), warnings);
    }

    private static void requireCurrent(PostgresServer server, Position position) throws IOException {
        try (PsqlSession session = server.session(server.database())) {
            if (!session.execute("SELECT pg_is_in_recovery()").equals("t")) {
                throw new EngineException.ServiceRefused(
                        "it follows no primary any more (it was promoted, or never was a replica)");
            }
            if (!session.execute(Position.SYSTEM).equals(position.system())) {
                throw new EngineException.ServiceRefused("it is a replica of another server");
            }
            awaitReplay(session, position);
        }
    }

    private static void awaitReplay(PsqlSession session, Position position) throws IOException {
        long deadline = System.nanoTime() + CATCH_UP.toNanos();
        while (true) {
            long missing = Long.parseLong(session.execute("SELECT greatest(0, pg_wal_lsn_diff("
                    + Sql.literal(position.written()) + ", coalesce(pg_last_wal_replay_lsn(), '0/0')))::bigint"));
            if (missing == 0) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new EngineException.ServiceRefused("it is too far behind: after " + CATCH_UP.toSeconds()
                        + " s it still lacked " + missing + " bytes of what its primary had written");
            }
            try {
                Thread.sleep(ASK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a replica caught up");
            }
        }
    }

    /** Which cluster a server is, and how far it had written. */
    private record Position(String system, String written) {
        private static final String SYSTEM = "SELECT system_identifier FROM pg_control_system()";

        static Position of(PostgresServer primary) throws IOException {
            try (PsqlSession session = primary.session(primary.database())) {
                return new Position(session.execute(SYSTEM), session.execute("SELECT pg_current_wal_flush_lsn()"));
            }
        }
    }
}
