package dev.holdfast.shim.mysql;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.database.Exclusion;
import dev.holdfast.shim.database.OpenDumps;
import dev.holdfast.shim.database.StreamNames;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every database of a MySQL or MariaDB server: {@code users.sql} (accounts with password hashes, roles and grants), then {@code
 * databases/NAME.sql} each, plain SQL.
 *
 * <p>Each dump reads one transaction's snapshot, and its rows are counted as they pass. Databases agree with themselves, not with each other.
 * A table whose engine knows no transactions is as it was when it was read, which is said.
 */
public final class MysqlSource implements BackupSource {
    static final String USERS = "users.sql";
    private static final int NAMED_TABLES = 5;

    private final MysqlServer server;
    private final MysqlServer.Tool dumpTool;
    private final Exclusion exclusion;
    private final int parallel;
    private final OpenDumps<DatabaseDump> dumps;
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Object> databases = new LinkedHashMap<>();
    private final List<String> vanished = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private Optional<Accounts.Taken> accounts = Optional.empty();
    private Consistency consistency = Consistency.APPLICATION;
    private Stage stage = Stage.USERS;

    private MysqlSource(MysqlServer server, MysqlServer.Tool dumpTool, DumpOptions options) {
        this.server = server;
        this.dumpTool = dumpTool;
        this.exclusion = Exclusion.of(server.container());
        this.parallel = options.parallel();
        this.dumps = new OpenDumps<>(parallel);
    }

    /** One database after the other. */
    static MysqlSource open(Engine engine, String container, Flavour expected, MysqlSettings settings)
            throws IOException {
        return open(engine, container, expected, settings, DumpOptions.defaults());
    }

    /** Connects, and checks that the tools are there. Throws {@link EngineException} with one sentence that says what is wrong. */
    static MysqlSource open(
            Engine engine, String container, Flavour expected, MysqlSettings settings, DumpOptions options)
            throws IOException {
        MysqlServer server = MysqlServer.connect(engine, container, expected, settings);
        return new MysqlSource(server, server.dumpTool(), options);
    }

    /** The stream of a database; the evidence names it too. */
    static String streamName(String database) {
        return StreamNames.ofDatabase(database, ".sql");
    }

    @Override
    public String engine() {
        return server.flavour().label();
    }

    /** {@link Consistency#CRASH} once a table was met that no transaction covers. */
    @Override
    public Consistency consistency() {
        return consistency;
    }

    @Override
    public int sideBySide() {
        return parallel;
    }

    @Override
    public Optional<NamedStream> next() throws IOException {
        dumps.settleForOneMore(this::settle);
        if (stage == Stage.USERS) {
            stage = Stage.DATABASES;
            enqueue();
            accounts = takeAccounts();
            if (accounts.isPresent()) {
                byte[] script = accounts.get().script().getBytes(StandardCharsets.UTF_8);
                return Optional.of(new NamedStream(USERS, () -> new ByteArrayInputStream(script)));
            }
        }
        Optional<NamedStream> next = nextDatabase();
        if (next.isEmpty() && stage == Stage.DATABASES && dumps.isEmpty()) {
            stage = Stage.LATE_DATABASES;
            created.addAll(enqueue());
            warnings.addAll(exclusion.warnings());
            if (accounts.isPresent() && !accounts.equals(takeAccounts())) {
                warnings.add("users or grants were changed while the backup ran: " + USERS
                        + " holds them as they were at its beginning");
            }
            next = nextDatabase();
        }
        return next;
    }

    @Override
    public Map<String, Object> evidence() throws IOException {
        dumps.settleAll(this::settle);
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("engine", engine());
        evidence.put("serverVersion", server.version());
        evidence.put("dumpVersion", dumpTool.version());
        evidence.put("clientVersion", server.client().version());
        evidence.put("container", server.container().name());
        evidence.put("image", server.container().image());
        evidence.put("user", server.user());
        evidence.put("databases", databases);
        evidence.put("ignoredAccounts", accounts.map(Accounts.Taken::ignored).orElse(List.of()));
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
        dumps.close();
    }

    /** Databases not seen before; those made while the backup ran are taken too, once. */
    private List<String> enqueue() throws IOException {
        List<String> fresh;
        try (MysqlSession session = server.session()) {
            fresh = DatabaseFacts.names(session).stream()
                    .filter(name -> !exclusion.covers(name) && seen.add(name))
                    .toList();
        }
        waiting.addAll(fresh);
        return fresh;
    }

    /** Empty when the user may not read them, which is said. */
    private Optional<Accounts.Taken> takeAccounts() throws IOException {
        try {
            return Optional.of(Accounts.take(server));
        } catch (SqlFailedException e) {
            warnings.add("users and grants are not in the backup, and of the databases only what user " + server.user()
                    + " may see: it is not allowed more (" + e.getMessage() + ")");
            return Optional.empty();
        }
    }

    private Optional<NamedStream> nextDatabase() throws IOException {
        while (true) {
            String database = waiting.poll();
            if (database == null) {
                return Optional.empty();
            }
            Optional<DatabaseDump> dump = begin(database);
            if (dump.isPresent()) {
                dumps.add(dump.get());
                judge(dump.get().facts());
                return Optional.of(new NamedStream(dump.get().stream(), dump.get()::open));
            }
        }
    }

    /** Empty when the database is gone. */
    private Optional<DatabaseDump> begin(String database) throws IOException {
        try {
            return Optional.of(DatabaseDump.begin(server, dumpTool, database, streamName(database)));
        } catch (DumpFailedException | SqlFailedException e) {
            try (MysqlSession session = server.session()) {
                if (DatabaseFacts.exists(session, database)) {
                    throw new DumpFailedException(
                            "database " + database + " could not be dumped: " + e.getMessage(), e);
                }
            }
            vanished.add(database);
            warnings.add("database " + database + " was dropped while the backup ran and is not in it");
            return Optional.empty();
        }
    }

    private void judge(DatabaseFacts facts) {
        if (!facts.unsafe().isEmpty()) {
            consistency = Consistency.CRASH;
            String named = facts.unsafe().entrySet().stream()
                    .limit(NAMED_TABLES)
                    .map(table -> table.getKey() + " (" + table.getValue() + ")")
                    .collect(Collectors.joining(", "));
            int more = facts.unsafe().size() - NAMED_TABLES;
            warnings.add("database " + facts.name() + ": no transaction covers " + named
                    + (more > 0 ? " and " + more + " more" : "")
                    + ", so they may disagree with the other tables when written to meanwhile; InnoDB tables do not");
        }
        if (!facts.brokenViews().isEmpty()) {
            warnings.add("database " + facts.name()
                    + ": these views refer to what is not there, so a restore will leave them" + " out: "
                    + String.join(", ", facts.brokenViews()));
        }
        if (!facts.versioned().isEmpty()) {
            warnings.add("database " + facts.name() + ": of the system-versioned tables "
                    + String.join(", ", facts.versioned())
                    + " the present rows are in the backup, their history is not");
        }
    }

    private void settle(DatabaseDump dump) throws IOException {
        databases.put(dump.facts().name(), dump.finish());
        if (!dump.missing().isEmpty()) {
            warnings.add("database " + dump.facts().name() + ": these tables were there at first and are not in the"
                    + " dump: " + String.join(", ", dump.missing()));
        }
    }

    private enum Stage {
        USERS,
        DATABASES,
        LATE_DATABASES
    }
}
