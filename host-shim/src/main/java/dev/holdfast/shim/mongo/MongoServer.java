package dev.holdfast.shim.mongo;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.ContainerEnvironment;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.docker.ExecResult;
import dev.holdfast.shim.docker.ExecStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A MongoDB server, and how to reach it with the tools inside a running container. No shell of the server is needed. */
final class MongoServer {
    /** A database that nobody has: dumping it logs in, reads the server's version, and reads no data. */
    private static final String PROBE = "holdfast-probe";

    private final Engine engine;
    private final Container container;
    private final MongoLogin login;
    private final Optional<MongoAddress> address;
    private String version = "";
    private String toolVersion = "";

    private MongoServer(Engine engine, Container container, MongoLogin login, Optional<MongoAddress> address) {
        this.engine = engine;
        this.container = container;
        this.login = login;
        this.address = address;
    }

    /** Finds the container and logs in once. Throws {@link EngineException} with one sentence that says what is wrong. */
    static MongoServer connect(Engine engine, String containerName, MongoSettings settings) throws IOException {
        Container container = engine.runningContainer(containerName);
        MongoLogin login = MongoLogin.find(new ContainerEnvironment(engine, container), settings);
        MongoServer server = new MongoServer(engine, container, login, address(container, settings));
        server.lookAround();
        return server;
    }

    Container container() {
        return container;
    }

    /** Empty when the server lets everyone in. */
    String user() {
        return login.account().map(MongoLogin.Account::user).orElse("");
    }

    /** For example {@code 8.0.4}. */
    String version() {
        return version;
    }

    /** For example {@code 100.7.0}. */
    String toolVersion() {
        return toolVersion;
    }

    /** Throws {@link EngineException.ServiceRefused} when the container lacks {@code mongorestore}. */
    void requireRestoreTool() throws IOException {
        ExecResult result = engine.run(container, ExecCommand.of("mongorestore", "--version"));
        if (result.exitCode() != 0) {
            throw missing("mongorestore");
        }
    }

    /** A tool told where the server is and whom to log in as; the password follows on stdin. */
    static ExecCommand command(String tool, Optional<MongoAddress> address, MongoLogin login, List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of(tool));
        address.ifPresent(at -> argv.add("--uri=" + at.uri()));
        argv.addAll(login.arguments());
        argv.addAll(arguments);
        return ExecCommand.of(argv).withStdin();
    }

    /** Starts {@code mongodump} writing an archive to stdout. */
    ExecStream dump(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--archive"));
        all.addAll(arguments);
        ExecStream exec = engine.start(container, command("mongodump", address, login, all));
        try (OutputStream stdin = exec.stdin()) {
            stdin.write(login.line());
        } catch (IOException e) {
            // A tool that is missing never reads: its exit code says more than the broken pipe, so it is asked when
            // reading.
            if (exec.read(new byte[1], 0, 1) >= 0) {
                exec.close();
                throw e;
            }
        }
        return exec;
    }

    /** Runs {@code mongorestore} on an archive. Any exit code is an answer; when the archive itself fails, it is killed and the failure thrown on. */
    ExecResult restore(List<String> arguments, InputStream archive) throws IOException {
        List<String> all = new ArrayList<>(List.of("--archive"));
        all.addAll(arguments);
        return engine.run(
                container,
                command("mongorestore", address, login, all),
                new SequenceInputStream(new ByteArrayInputStream(login.line()), archive));
    }

    private void lookAround() throws IOException {
        ArchiveScan scan = new ArchiveScan();
        try (ExecStream exec = dump(List.of("--db=" + PROBE));
                InputStream archive = exec.stdout()) {
            byte[] bytes = archive.readAllBytes();
            scan.add(bytes, 0, bytes.length);
            scan.finish();
        } catch (DumpFailedException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (ArchiveFormatException e) {
            throw new EngineException.ServiceRefused("mongodump in container " + container.name()
                    + " does not write archives as it should: " + e.getMessage());
        }
        version = scan.serverVersion();
        toolVersion = scan.toolVersion();
    }

    private EngineException refused(String message) {
        if (message.contains("was not found")) {
            return missing("mongodump");
        }
        String where = "MongoDB in container " + container.name();
        if (message.contains("unable to authenticate") || message.contains("auth error")) {
            return new EngineException.ServiceRefused(where + " refused the password of user " + user());
        }
        if (message.contains("requires authentication") || message.contains("Unauthorized")) {
            return new EngineException.ServiceRefused(where
                    + (user().isEmpty()
                            ? " wants a user and password and none is known: set them for this source"
                            : " does not allow user " + user() + " to read everything: it needs the role backup"));
        }
        if (message.contains("server selection") || message.contains("connection refused")) {
            return new EngineException.ServiceRefused(where + " does not answer"
                    + address.map(at -> " at " + at).orElse(" at localhost:27017")
                    + ": it is still starting, or listens elsewhere (label " + MongoAddress.LABEL + ")");
        }
        return new EngineException.ServiceRefused(where + " could not be asked: " + lastLine(message));
    }

    private EngineException missing(String tool) {
        return new EngineException.ServiceRefused("container " + container.name() + " has no " + tool
                + ": use an image that brings the MongoDB database tools, as the official one does");
    }

    private static String lastLine(String message) {
        return message.lines().reduce("", (before, line) -> line.isBlank() ? before : line.strip());
    }

    private static Optional<MongoAddress> address(Container container, MongoSettings settings)
            throws EngineException.ServiceRefused {
        try {
            return settings.address()
                    .or(() -> Optional.ofNullable(container.labels().get(MongoAddress.LABEL))
                            .map(MongoAddress::new));
        } catch (IllegalArgumentException e) {
            throw new EngineException.ServiceRefused(
                    "label " + MongoAddress.LABEL + " of container " + container.name() + ": " + e.getMessage());
        }
    }
}
