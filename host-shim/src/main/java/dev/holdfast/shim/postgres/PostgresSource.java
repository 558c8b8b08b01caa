package dev.holdfast.shim.postgres;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.DumpSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.database.Exclusion;
import dev.holdfast.shim.database.OpenDumps;
import dev.holdfast.shim.database.StreamNames;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.docker.ExecStream;
import dev.holdfast.shim.docker.MarkedStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every database of a PostgreSQL server: {@code globals.sql} (roles with their grants and passwords, tablespaces), then {@code
 * databases/NAME.dump} each in pg_dump's custom format, uncompressed so that equal rows deduplicate.
 *
 * <p>Each dump reads one exported snapshot, and every table's rows are counted in that same snapshot while the dump runs. So a
 * restore can be told right from wrong. Databases agree with themselves, not with each other: PostgreSQL has no snapshot across them.
 *
 * <p>All of it is read from a replica when one is labelled as such and is current: see {@link ReplicaChoice}.
 */
public final class PostgresSource implements BackupSource {
    private static final String GLOBALS = "globals.sql";

    private final Container container;
    private final PostgresServer server;
    private final Optional<String> replica;
    private final String dumpVersion;
    private final Exclusion exclusion;
    private final List<String> warnings;
    private final Map<String, Object> databases = new LinkedHashMap<>();
    private final Map<String, Object> exitCodes = new LinkedHashMap<>();
    private final List<String> vanished = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Deque<DatabaseFacts> waiting = new ArrayDeque<>();
    private String roles = "";
    private Stage stage = Stage.GLOBALS;
    private final OpenDumps<DatabaseDump> dumps;
    private final int parallel;
    private volatile @Nullable ExecStream globals;

    private PostgresSource(Container container, ReplicaChoice choice, String dumpVersion, DumpOptions options) {
        this.container = container;
        this.server = choice.server();
        this.replica = choice.replica();
        this.dumpVersion = dumpVersion;
        this.exclusion = Exclusion.of(container);
        this.warnings = new ArrayList<>(choice.warnings());
        this.parallel = options.parallel();
        this.dumps = new OpenDumps<>(parallel);
    }

    /** One database after the other. */
    static PostgresSource open(Engine engine, String container, PostgresSettings settings) throws IOException {
        return open(engine, container, settings, DumpOptions.defaults());
    }

    /** Connects, and checks that the tools are there. Throws {@link EngineException} with one sentence that says what is wrong. */
    static PostgresSource open(Engine engine, String container, PostgresSettings settings, DumpOptions options)
            throws IOException {
        PostgresServer primary = PostgresServer.connect(engine, container, settings);
        ReplicaChoice choice = ReplicaChoice.of(engine, primary);
        String dumpVersion = choice.server().toolVersion("pg_dump");
        choice.server().toolVersion("pg_dumpall");
        return new PostgresSource(primary.container(), choice, dumpVersion, options);
    }

    /** The stream of a database; the evidence names it too. */
    static String streamName(String database) {
        return StreamNames.ofDatabase(database, ".dump");
    }

    @Override
    public String engine() {
        return "postgresql";
    }

    @Override
    public Consistency consistency() {
        return Consistency.APPLICATION;
    }

    @Override
    public int sideBySide() {
        return parallel;
    }

    @Override
    public Optional<NamedStream> next() throws IOException {
        dumps.settleForOneMore(this::settle);
        if (stage == Stage.GLOBALS) {
            stage = Stage.DATABASES;
            try (PsqlSession session = server.session(server.database())) {
                enqueue(DatabaseFacts.list(session));
                roles = roles(session);
                return Optional.of(new NamedStream(GLOBALS, globalsSource(isSuperuser(session))));
            }
        }
        Optional<NamedStream> next = nextDatabase();
        if (next.isEmpty() && stage == Stage.DATABASES && dumps.isEmpty()) {
            stage = Stage.LATE_DATABASES;
            lookAgain();
            next = nextDatabase();
        }
        return next;
    }

    @Override
    public Map<String, Object> evidence() throws IOException {
        dumps.settleAll(this::settle);
        settleGlobals();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("engine", engine());
        evidence.put("serverVersion", server.version());
        evidence.put("serverVersionNumber", server.versionNumber());
        evidence.put("dumpVersion", dumpVersion);
        evidence.put("container", container.name());
        evidence.put("image", container.image());
        replica.ifPresent(name -> evidence.put("replica", name));
        evidence.put("user", server.user());
        evidence.put("exitCodes", exitCodes);
        evidence.put("databases", databases);
        evidence.put("vanishedDatabases", List.copyOf(vanished));
        evidence.put("createdDatabases", List.copyOf(created));
        evidence.put("excludedDatabases", exclusion.leftOut());
        return evidence;
    }

    @Override
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void close() throws IOException {
        ExecStream exec = globals;
        globals = null;
        try (dumps) {
            if (exec != null) {
                exec.close();
            }
        }
    }

    private void enqueue(List<DatabaseFacts> listed) {
        for (DatabaseFacts database : listed) {
            if (!exclusion.covers(database.name()) && seen.add(database.name())) {
                waiting.add(database);
            }
        }
    }

    /** Databases made while the backup ran are taken too, once; roles made meanwhile are not in the globals, which is said. */
    private void lookAgain() throws IOException {
        try (PsqlSession session = server.session(server.database())) {
            for (DatabaseFacts database : DatabaseFacts.list(session)) {
                if (!exclusion.covers(database.name()) && seen.add(database.name())) {
                    waiting.add(database);
                    created.add(database.name());
                }
            }
            warnings.addAll(exclusion.warnings());
            if (!roles(session).equals(roles)) {
                warnings.add("roles were created, changed or dropped while the backup ran: " + GLOBALS
                        + " holds them as they were at its" + " beginning");
            }
        }
    }

    private Optional<NamedStream> nextDatabase() throws IOException {
        while (true) {
            DatabaseFacts database = waiting.poll();
            if (database == null) {
                return Optional.empty();
            }
            Optional<DatabaseDump> dump = begin(database);
            if (dump.isPresent()) {
                dumps.add(dump.get());
                return Optional.of(new NamedStream(dump.get().stream(), dump.get()::open));
            }
        }
    }

    /** Empty when the database is gone. Once the session stands, the database cannot be dropped but by force. */
    private Optional<DatabaseDump> begin(DatabaseFacts database) throws IOException {
        try {
            return Optional.of(DatabaseDump.begin(server, database));
        } catch (DumpFailedException e) {
            if (exists(database.name())) {
                throw e;
            }
            vanished.add(database.name());
            warnings.add("database " + database.name() + " was dropped while the backup ran and is not in it");
            return Optional.empty();
        }
    }

    private boolean exists(String database) throws IOException {
        try (PsqlSession session =
                server.session(server.database().equals(database) ? "template1" : server.database())) {
            return !session.execute("SELECT 1 FROM pg_database WHERE datname = " + Sql.literal(database))
                    .isEmpty();
        }
    }

    private void settle(DatabaseDump dump) throws IOException {
        databases.put(dump.database().name(), dump.finish());
        exitCodes.put(dump.stream(), 0);
    }

    /** Its exit code was 0, or its stream would not have ended. */
    private void settleGlobals() throws IOException {
        ExecStream exec = globals;
        if (exec != null) {
            exitCodes.put(GLOBALS, exec.exitCode());
            exec.close();
            globals = null;
        }
    }

    private DumpSource globalsSource(boolean superuser) {
        List<String> argv = new ArrayList<>(
                List.of("pg_dumpall", "--globals-only", "--no-password", "-d", server.connection(server.database())));
        argv.addAll(List.of("-l", server.connection(server.database())));
        if (!superuser) {
            argv.add("--no-role-passwords");
            warnings.add(
                    "roles are backed up without their passwords, because user " + server.user() + " is no superuser");
        }
        ExecCommand command = server.command(argv.toArray(String[]::new));
        return () -> {
            ExecStream exec = server.start(command);
            globals = exec;
            return new MarkedStream(
                    exec.stdout(), exec.describe(), new byte[0], "PostgreSQL database cluster dump complete");
        };
    }

    private static boolean isSuperuser(PsqlSession session) throws IOException {
        return session.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                .equals("t");
    }

    /** A text that changes when the roles do. */
    private static String roles(PsqlSession session) throws IOException {
        return session.execute(
                "SELECT md5(coalesce(jsonb_agg(to_jsonb(r) ORDER BY rolname)::text, '')) || (SELECT"
                        + " md5(coalesce(jsonb_agg(to_jsonb(m) ORDER BY roleid, member)::text, '')) FROM pg_auth_members m) FROM pg_roles r");
    }

    private enum Stage {
        GLOBALS,
        DATABASES,
        LATE_DATABASES
    }
}
