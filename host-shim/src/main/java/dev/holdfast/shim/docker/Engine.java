package dev.holdfast.shim.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.ExecCreateCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.core.source.DumpFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The Docker engine of this host: looks at containers and runs commands inside them. Control calls go through docker-java; the bytes of
 * a command go through {@link ExecStream}, because docker-java never half-closes stdin and costs twice the CPU. Safe for many threads.
 */
public final class Engine implements AutoCloseable {
    /** The newest API this code was written against; a newer engine is spoken to in this version. */
    private static final RemoteApiVersion NEWEST = RemoteApiVersion.create(1, 47);

    private static final int MAX_STDOUT_BYTES = 64 << 20;

    private final DockerEndpoint endpoint;
    private final DockerClient client;
    private final String apiVersion;

    private Engine(DockerEndpoint endpoint, DockerClient client, String apiVersion) {
        this.endpoint = endpoint;
        this.client = client;
        this.apiVersion = apiVersion;
    }

    /** Connects and agrees on an API version. Throws {@link EngineException.Unavailable} when nothing answers. */
    public static Engine connect(DockerEndpoint endpoint) throws EngineException {
        String version = negotiate(endpoint);
        return new Engine(endpoint, client(endpoint, version), version);
    }

    public DockerEndpoint endpoint() {
        return endpoint;
    }

    /** For example {@code 1.41}. */
    public String apiVersion() {
        return apiVersion;
    }

    /** All containers, stopped ones too. */
    public List<Container> containers() throws EngineException {
        return call(() -> client.listContainersCmd().withShowAll(true).exec()).stream()
                .map(listed -> new Container(
                        listed.getId(),
                        listed.getNames().length == 0 ? listed.getId() : plainName(listed.getNames()[0]),
                        listed.getImage(),
                        listed.getState(),
                        Objects.requireNonNullElse(listed.getLabels(), Map.of()),
                        Map.of(),
                        List.of()))
                .toList();
    }

    /** One container by name, id or beginning of an id, with its environment and command. */
    public Container container(String nameOrId) throws EngineException {
        InspectContainerResponse found;
        try {
            found = call(() -> client.inspectContainerCmd(nameOrId).exec());
        } catch (NotFoundException e) {
            throw new EngineException.ContainerNotFound(nameOrId);
        }
        return container(found);
    }

    static Container container(InspectContainerResponse found) {
        return new Container(
                found.getId(),
                plainName(found.getName()),
                Objects.requireNonNullElse(found.getConfig().getImage(), ""),
                Objects.requireNonNullElse(found.getState().getStatus(), "unknown"),
                Objects.requireNonNullElse(found.getConfig().getLabels(), Map.of()),
                environment(Objects.requireNonNullElse(found.getConfig().getEnv(), new String[0])),
                command(found));
    }

    /** All containers as {@link #container} gives them; one that is removed meanwhile is left out. */
    public List<Container> inspectAll() throws EngineException {
        List<Container> all = new ArrayList<>();
        for (Container listed : containers()) {
            inspected(listed.id()).ifPresent(all::add);
        }
        return all;
    }

    private Optional<Container> inspected(String id) throws EngineException {
        try {
            return Optional.of(container(id));
        } catch (EngineException.ContainerNotFound e) {
            return Optional.empty();
        }
    }

    /** The container, if it runs; otherwise {@link EngineException.ContainerNotRunning}. */
    public Container runningContainer(String nameOrId) throws EngineException {
        Container container = container(nameOrId);
        if (!container.isRunning()) {
            throw new EngineException.ContainerNotRunning(container.name(), container.state());
        }
        return container;
    }

    /** Starts a command. The caller closes the stream, which ends the command if it still runs. */
    public ExecStream start(Container container, ExecCommand command) throws IOException {
        return ExecStream.start(this, container, command);
    }

    /** Runs a short command to its end. Any exit code is an answer; stdout may have 64 MiB. */
    public ExecResult run(Container container, ExecCommand command) throws IOException {
        try (ExecStream exec = start(container, command)) {
            String stdout = text(exec);
            return new ExecResult(exec.exitCode(), stdout, exec.stderrTail());
        }
    }

    /** The same for a command that is ended when it takes longer than the limit, with {@link DumpFailedException}. */
    public ExecResult run(Container container, ExecCommand command, Duration limit) throws IOException {
        try (ExecStream exec = start(container, command);
                ExecLimit time = new ExecLimit(exec, limit)) {
            try {
                String stdout = text(exec);
                ExecResult result = new ExecResult(exec.exitCode(), stdout, exec.stderrTail());
                time.requireKept();
                return result;
            } catch (IOException e) {
                time.requireKept();
                throw e;
            }
        }
    }

    /**
     * Runs a command that reads {@code input} to its end as stdin. When {@code input} itself fails, the command is killed before its stdin
     * ends, so that it cannot take the half for the whole, and the failure is thrown on.
     */
    public ExecResult run(Container container, ExecCommand command, InputStream input) throws IOException {
        try (ExecStream exec = start(container, command.withStdin())) {
            return ExecFeed.pump(exec, input);
        }
    }

    String createExec(Container container, ExecCommand command, List<String> argv, Map<String, String> environment)
            throws EngineException {
        ExecCreateCmd create = client.execCreateCmd(container.id())
                .withCmd(argv.toArray(String[]::new))
                .withEnv(environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList())
                .withTty(false)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true);
        command.user().ifPresent(create::withUser);
        try {
            return call(create::exec).getId();
        } catch (NotFoundException e) {
            throw new EngineException.ContainerNotFound(container.name());
        } catch (ConflictException e) {
            throw new EngineException.ContainerNotRunning(
                    container.name(), container(container.id()).state());
        }
    }

    /** The exit code once the command has ended, empty while it runs. A command that is gone with its container ended with 137. */
    OptionalInt exitCode(String execId) throws EngineException {
        InspectExecResponse state;
        try {
            state = call(() -> client.inspectExecCmd(execId).exec());
        } catch (NotFoundException e) {
            return OptionalInt.of(137);
        }
        Long code = state.getExitCodeLong();
        return Boolean.TRUE.equals(state.isRunning()) || code == null
                ? OptionalInt.empty()
                : OptionalInt.of(code.intValue());
    }

    /** The container's state in one word; {@code removed} when it is gone. */
    String stateOf(Container container) throws EngineException {
        try {
            return container(container.id()).state();
        } catch (EngineException.ContainerNotFound e) {
            return "removed";
        }
    }

    /** For the control calls of this package. */
    DockerClient client() {
        return client;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    static String text(ExecStream exec) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        for (int n = exec.read(buffer, 0, buffer.length); n >= 0; n = exec.read(buffer, 0, buffer.length)) {
            text.write(buffer, 0, n);
            if (text.size() > MAX_STDOUT_BYTES) {
                throw new IOException(exec.describe() + " printed more than " + MAX_STDOUT_BYTES + " bytes");
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static String negotiate(DockerEndpoint endpoint) throws EngineException {
        try (DockerClient any = client(endpoint, "")) {
            Version version = call(() -> any.versionCmd().exec());
            RemoteApiVersion engine = RemoteApiVersion.parseConfig(version.getApiVersion());
            return (engine.isGreaterOrEqual(NEWEST) ? NEWEST : engine).getVersion();
        } catch (EngineException e) {
            throw new EngineException.Unavailable("the Docker engine at " + endpoint.uri() + " does not answer", e);
        } catch (IOException e) {
            throw new EngineException.Unavailable("the Docker engine at " + endpoint.uri() + " could not be asked", e);
        }
    }

    private static DockerClient client(DockerEndpoint endpoint, String apiVersion) {
        DefaultDockerClientConfig.Builder config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint.uri().toString())
                .withDockerTlsVerify(false);
        if (!apiVersion.isEmpty()) {
            config.withApiVersion(apiVersion);
        }
        return DockerClientImpl.getInstance(
                config.build(),
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(endpoint.uri())
                        .connectionTimeout(Duration.ofSeconds(10))
                        .responseTimeout(Duration.ofSeconds(30))
                        .build());
    }

    /** "Not found" and "conflict" pass through: only the caller knows what they mean there. */
    static <T> T call(Supplier<T> action) throws EngineException {
        try {
            return action.get();
        } catch (NotFoundException | ConflictException e) {
            throw e;
        } catch (DockerException e) {
            throw new EngineException.Unavailable("the Docker engine refused: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new EngineException.Unavailable("the Docker engine does not answer", e);
        }
    }

    private static List<String> command(InspectContainerResponse found) {
        List<String> command = new ArrayList<>();
        if (found.getPath() != null && !found.getPath().isEmpty()) {
            command.add(found.getPath());
        }
        command.addAll(List.of(Objects.requireNonNullElse(found.getArgs(), new String[0])));
        return command;
    }

    private static Map<String, String> environment(String[] pairs) {
        Map<String, String> environment = new HashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                environment.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return environment;
    }

    private static String plainName(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }
}
