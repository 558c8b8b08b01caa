package dev.holdfast.shim.postgres;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.ContainerEnvironment;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.docker.ExecResult;
import dev.holdfast.shim.docker.ExecStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server in a running container, and how to connect to it from inside that container. */
public final class PostgresServer {
    private final Engine engine;
    private final Container container;
    private final String user;
    private final Optional<Secret> password;
    private final Optional<String> containerUser;
    private String database = "";
    private String version = "";
    private int versionNumber;

    private PostgresServer(
            Engine engine,
            Container container,
            String user,
            Optional<Secret> password,
            Optional<String> containerUser) {
        this.engine = engine;
        this.container = container;
        this.user = user;
        this.password = password;
        this.containerUser = containerUser;
    }

    /** Finds the container and connects once. Throws {@link EngineException} with one sentence that says what is wrong. */
    public static PostgresServer connect(Engine engine, String containerName, PostgresSettings settings)
            throws IOException {
        Container container = engine.runningContainer(containerName);
        ContainerEnvironment environment = new ContainerEnvironment(engine, container);
        Optional<String> namedUser = settings.user().isPresent() ? settings.user() : environment.value("POSTGRES_USER");
        String user = namedUser.orElse("postgres");
        Optional<Secret> password =
                settings.password().isPresent() ? settings.password() : environment.secret("POSTGRES_PASSWORD");
        PostgresServer server = new PostgresServer(engine, container, user, password, settings.containerUser());
        Set<String> candidates = new LinkedHashSet<>();
        settings.database().ifPresent(candidates::add);
        environment.value("POSTGRES_DB").ifPresent(candidates::add);
        candidates.addAll(List.of(user, "postgres", "template1"));
        server.lookAround(candidates);
        return server;
    }

    /** The server in another container, as the same user with the same password. */
    PostgresServer ofContainer(String other) throws IOException {
        return connect(
                engine, other, new PostgresSettings(Optional.of(user), password, Optional.of(database), containerUser));
    }

    public Container container() {
        return container;
    }

    public String user() {
        return user;
    }

    /** For example {@code 15.12}. */
    public String version() {
        return version;
    }

    /** For example 150012. */
    public int versionNumber() {
        return versionNumber;
    }

    /** A database that can be connected to, for looking around. */
    String database() {
        return database;
    }

    /** A session on one database, already prepared. */
    PsqlSession session(String name) throws IOException {
        ExecCommand psql = command("psql", "-X", "-q", "-A", "-t", "-w", "-d", connection(name))
                .withStdin();
        ExecStream exec = engine.start(container, psql);
        PsqlSession session = new PsqlSession(exec);
        try {
            session.prepare();
            return session;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** A tool of the server's own version, with the password in its environment. */
    ExecCommand command(String... argv) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PGCLIENTENCODING", "UTF8");
        environment.put("PGAPPNAME", "holdfast");
        password.ifPresent(secret -> environment.put("PGPASSWORD", secret.reveal()));
        return ExecCommand.of(Arrays.asList(argv)).withEnvironment(environment).withUser(containerUser);
    }

    String connection(String name) {
        return Sql.connection(name, user);
    }

    ExecStream start(ExecCommand command) throws IOException {
        return engine.start(container, command);
    }

    Engine engine() {
        return engine;
    }

    /** What the tool says its version is. Throws {@link EngineException.ServiceRefused} when the container lacks it. */
    String toolVersion(String tool) throws IOException {
        ExecResult result = engine.run(container, ExecCommand.of(tool, "--version"));
        if (result.exitCode() != 0) {
            throw new EngineException.ServiceRefused("container " + container.name() + " has no " + tool
                    + ": use an image that brings PostgreSQL's client tools");
        }
        return result.stdout().strip();
    }

    private void lookAround(Set<String> candidates) throws IOException {
        List<String> tried = new ArrayList<>();
        @Nullable DumpFailedException first = null;
        for (String candidate : candidates) {
            try (PsqlSession session = session(candidate)) {
                version = session.execute("SHOW server_version").replaceFirst(" .*", "");
                versionNumber = Integer.parseInt(session.execute("SHOW server_version_num"));
                database = candidate;
                return;
            } catch (EngineException.ServiceRefused e) {
                throw new EngineException.ServiceRefused("container " + container.name()
                        + " is not a PostgreSQL server that can be used: it has no psql");
            } catch (DumpFailedException e) {
                tried.add(candidate);
                first = first == null ? e : first;
            }
        }
        throw refused(first == null ? "" : String.valueOf(first.getMessage()), tried);
    }

    private EngineException refused(String message, List<String> tried) {
        String where = "PostgreSQL in container " + container.name();
        if (message.contains("was not found")) {
            return new EngineException.ServiceRefused(
                    "container " + container.name() + " is not a PostgreSQL server that can be used: it has no psql");
        }
        if (message.contains("no password supplied") || message.contains("fe_sendauth")) {
            return new EngineException.ServiceRefused(
                    where + " wants a password for user " + user + " and none is known: set one for this source");
        }
        if (message.contains("password authentication failed")) {
            return new EngineException.ServiceRefused(where + " refused the password of user " + user);
        }
        String said = message.lines().reduce("", (before, line) -> line.isBlank() ? before : line.strip());
        return new EngineException.ServiceRefused(
                where + " let user " + user + " into none of " + String.join(", ", tried) + ": " + said);
    }
}
