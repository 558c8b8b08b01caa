package dev.holdfast.shim.mysql;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A MySQL or MariaDB server in a running container, and how to connect to it from inside that container. */
public final class MysqlServer {
    private static final List<String> TCP = List.of("--protocol=tcp", "--host=127.0.0.1");
    private static final int CONNECTION_FAILED = 2002;

    private final Engine engine;
    private final Container container;
    private final MysqlLogin login;
    private final Tool client;
    private List<String> transport = List.of();
    private String version = "";

    private MysqlServer(Engine engine, Container container, MysqlLogin login, Tool client) {
        this.engine = engine;
        this.container = container;
        this.login = login;
        this.client = client;
    }

    /** A program in the container. */
    record Tool(String name, String version) {
        Flavour flavour() {
            return Flavour.of(version);
        }
    }

    /** Finds the container and connects once. Throws {@link EngineException} with one sentence that says what is wrong. */
    static MysqlServer connect(Engine engine, String containerName, Flavour expected, MysqlSettings settings)
            throws IOException {
        Container container = engine.runningContainer(containerName);
        MysqlLogin login = MysqlLogin.find(new ContainerEnvironment(engine, container), expected, settings);
        Tool client = tool(engine, container, expected.clients())
                .orElseThrow(() -> new EngineException.ServiceRefused("container " + container.name()
                        + " is not a " + expected.title() + " server that can be used: it has neither "
                        + String.join(" nor ", expected.clients())));
        MysqlServer server = new MysqlServer(engine, container, login, client);
        server.lookAround(expected);
        return server;
    }

    Engine engine() {
        return engine;
    }

    public Container container() {
        return container;
    }

    public String user() {
        return login.user();
    }

    /** For example {@code 10.11.18-MariaDB}. */
    public String version() {
        return version;
    }

    Flavour flavour() {
        return Flavour.of(version);
    }

    Tool client() {
        return client;
    }

    /** For messages: {@code MariaDB in container shop}. */
    String describe() {
        return flavour().title() + " in container " + container.name();
    }

    /** The tool that dumps. Throws {@link EngineException.ServiceRefused} when the container lacks it. */
    Tool dumpTool() throws IOException {
        return tool(engine, container, flavour().dumpTools())
                .orElseThrow(() -> new EngineException.ServiceRefused("container " + container.name() + " has neither "
                        + String.join(" nor ", flavour().dumpTools()) + ": use an image that brings the client tools"));
    }

    /** A session without a default database, already prepared. */
    MysqlSession session() throws IOException {
        return session(Optional.empty());
    }

    /** A session on one database. */
    MysqlSession session(String database) throws IOException {
        return session(Optional.of(database));
    }

    /** The client reading a script of SQL from stdin into a database. */
    ExecCommand load(String database) {
        return client(Optional.of(database));
    }

    /** A tool of the server's, told whom to connect as, with the password in its environment. */
    ExecCommand command(String tool, List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of(tool, "--user=" + login.user()));
        argv.addAll(transport);
        argv.addAll(List.of("--default-character-set=utf8mb4", "--max-allowed-packet=1G"));
        argv.addAll(arguments);
        ExecCommand command = ExecCommand.of(argv);
        return login.password()
                .map(secret -> command.withEnvironment(Map.of("MYSQL_PWD", secret.reveal())))
                .orElse(command);
    }

    ExecStream start(ExecCommand command) throws IOException {
        return engine.start(container, command);
    }

    private MysqlSession session(Optional<String> database) throws IOException {
        MysqlSession session = new MysqlSession(start(client(database).withStdin()));
        try {
            session.prepare();
            if (!version.isEmpty()) {
                session.execute(flavour().noTimeLimit());
            }
            return session;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** In binary mode the client takes no command but DELIMITER: no name in a dump can make it run something. */
    private ExecCommand client(Optional<String> database) {
        List<String> arguments = new ArrayList<>(
                List.of("--batch", "--skip-column-names", "--unbuffered", "--binary-mode", "--comments"));
        arguments.addAll(client.flavour().clientOptions());
        database.ifPresent(name -> arguments.add("--database=" + name));
        return command(client.name(), arguments);
    }

    private void lookAround(Flavour expected) throws IOException {
        try {
            version = askVersion();
        } catch (SqlFailedException e) {
            if (e.code() != CONNECTION_FAILED) {
                throw refused(expected, e);
            }
            transport = TCP;
            try {
                version = askVersion();
            } catch (SqlFailedException second) {
                throw refused(expected, second.code() / 1000 == 2 ? e : second);
            }
        } catch (DumpFailedException e) {
            throw new EngineException.ServiceRefused(
                    expected.title() + " in container " + container.name() + " could not be asked: "
                            + String.valueOf(e.getMessage()).lines().reduce("", (a, b) -> b));
        }
    }

    private String askVersion() throws IOException {
        try (MysqlSession session = session()) {
            return session.value("SELECT VERSION()");
        }
    }

    private EngineException refused(Flavour expected, SqlFailedException e) {
        String where = expected.title() + " in container " + container.name();
        return new EngineException.ServiceRefused(
                switch (e.code()) {
                    case 1045, 1698 ->
                        login.password().isPresent()
                                ? where + " refused the password of user " + login.user()
                                : where + " wants a password for user " + login.user()
                                        + " and none is known: set one for this source";
                    case 2002, 2003 -> where + " does not answer: it is still starting, or listens elsewhere";
                    default -> where + " let user " + login.user() + " not in: " + e.getMessage();
                });
    }

    private static Optional<Tool> tool(Engine engine, Container container, List<String> names) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                "sh",
                "-c",
                "for tool; do if command -v \"$tool\" >/dev/null; then echo \"$tool\"; exec \"$tool\" --version; fi; done; exit 127",
                "sh"));
        argv.addAll(names);
        ExecResult result = engine.run(container, ExecCommand.of(argv));
        List<String> lines = result.stdout().lines().toList();
        return result.exitCode() == 0 && lines.size() > 1
                ? Optional.of(new Tool(lines.getFirst(), lines.get(1).strip()))
                : Optional.empty();
    }
}
