package dev.holdfast.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server in a container, started by the docker CLI and removed by {@link #close()}. Published ports are chosen here
 * and stay the same over {@link #restart()}.
 *
 * {@snippet :
 * try (TestContainer sshd = TestContainer.image("holdfast-test/sshd").publish(22).start()) {
 *     sshd.awaitBanner(22, "SSH-");
 *     connect("127.0.0.1", sshd.port(22));
 * }
 * }
 *
 * <p>Where docker or the image is missing the test is skipped with a message that names what is missing.
 */
public final class TestContainer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 50;

    private final String id;
    private final Map<Integer, Integer> ports;

    private TestContainer(String id, Map<Integer, Integer> ports) {
        this.id = id;
        this.ports = Map.copyOf(ports);
    }

    /** Begins a recipe for a container of a local image; nothing is pulled. */
    public static Recipe image(String image) {
        return new Recipe(image);
    }

    /** The port of this machine on 127.0.0.1 (or, on the host network, on every address) that leads to the container's port. */
    public int port(int containerPort) {
        Integer port = ports.get(containerPort);
        if (port == null) {
            throw new IllegalArgumentException("port " + containerPort + " was not published");
        }
        return port;
    }

    public String id() {
        return id;
    }

    /** Waits until a TCP connection to a published port is accepted. Prefer {@link #awaitBanner} where the server speaks first. */
    public TestContainer awaitPort(int containerPort) throws IOException {
        return awaitBanner(containerPort, "");
    }

    /** Waits until the server behind a published port greets with a text: docker's proxy accepts before the server does. */
    public TestContainer awaitBanner(int containerPort, String beginning) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!greets(port(containerPort), beginning)) {
            giveUpAfter(end, "no server with greeting \"" + beginning + "\" on port " + containerPort);
        }
        return this;
    }

    /** Waits until the container's output holds a text. */
    public TestContainer awaitLog(String text) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!logs().contains(text)) {
            giveUpAfter(end, "the log never said \"" + text + "\"");
        }
        return this;
    }

    /** Everything the container has written so far, output and errors. */
    public String logs() throws IOException {
        return docker(List.of("logs", id));
    }

    /** Runs a command in the container and returns its output; fails when the command does. */
    public String exec(String... command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("exec", id));
        arguments.addAll(List.of(command));
        return docker(arguments);
    }

    /** Stops the server without warning and starts it again on the same ports; files outside tmpfs stay. */
    public void restart() throws IOException {
        docker(List.of("restart", "--time", "1", id));
    }

    /** Freezes every process in the container: connections stay open and silent. */
    public void pause() throws IOException {
        docker(List.of("pause", id));
    }

    public void unpause() throws IOException {
        docker(List.of("unpause", id));
    }

    @Override
    public void close() throws IOException {
        docker(List.of("rm", "--force", "--volumes", id));
    }

    /** A port of this machine that nobody listens on at the moment. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void giveUpAfter(Instant end, String complaint) throws IOException {
        if (Instant.now().isAfter(end)) {
            throw new IOException(complaint + " within " + PATIENCE.toSeconds() + " s; log:\n" + logs());
        }
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a container", e);
        }
    }

    private static boolean greets(int port, String beginning) {
        byte[] expected = beginning.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(1_000);
            InputStream in = socket.getInputStream();
            return Arrays.equals(expected, in.readNBytes(expected.length));
        } catch (IOException notYet) {
            return false; // the caller polls until its patience ends and then fails
        }
    }

    private static String docker(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("docker " + arguments.getFirst() + " failed: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while docker " + arguments.getFirst() + " ran", e);
        }
        return output;
    }

    /** What to start. Values of {@link #environment} are visible in {@code docker inspect}: throw-away secrets only. */
    public static final class Recipe {
        private final String image;
        private final List<String> options = new ArrayList<>();
        private final List<String> command = new ArrayList<>();
        private final Map<Integer, Integer> ports = new LinkedHashMap<>();

        private Recipe(String image) {
            this.image = image;
        }

        /** Leads a free port of 127.0.0.1 to a port of the container. */
        public Recipe publish(int containerPort) {
            int port = freePortUnchecked();
            ports.put(containerPort, port);
            return option("--publish", "127.0.0.1:" + port + ":" + containerPort);
        }

        /**
         * Uses this machine's network, so that the server itself binds the port, which is the same inside and out. Tell
         * the server which by its environment or command; on this network both 127.0.0.1 and ::1 reach it.
         */
        public Recipe hostNetwork(int port) {
            ports.put(port, port);
            return option("--network", "host");
        }

        public Recipe environment(String name, String value) {
            return option("--env", name + "=" + value);
        }

        /** A file system in memory of limited size, for the test of a full disk. */
        public Recipe tmpfs(String folder, String sizeAndOptions) {
            return option("--tmpfs", folder + ":" + sizeAndOptions);
        }

        public Recipe mount(Path onThisMachine, String inContainer) {
            return option("--volume", onThisMachine.toAbsolutePath() + ":" + inContainer);
        }

        /** Any further option of {@code docker run}. */
        public Recipe option(String... words) {
            options.addAll(List.of(words));
            return this;
        }

        /** The command and its arguments in place of the image's. */
        public Recipe command(String... words) {
            command.addAll(List.of(words));
            return this;
        }

        public TestContainer start() throws IOException {
            assumeTrue(imageIsThere(), () -> "needs docker with the local image " + image + ", which is not there");
            List<String> arguments = new ArrayList<>(List.of("run", "--detach", "--label", "dev.holdfast.test"));
            arguments.addAll(options);
            arguments.add(image);
            arguments.addAll(command);
            return new TestContainer(docker(arguments).strip(), ports);
        }

        private boolean imageIsThere() {
            try {
                docker(List.of("image", "inspect", image));
                return true;
            } catch (IOException e) {
                return false; // told by the assumption's message
            }
        }

        private static int freePortUnchecked() {
            try {
                return freePort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
