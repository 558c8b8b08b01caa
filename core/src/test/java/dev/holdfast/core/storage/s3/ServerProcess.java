package dev.holdfast.core.storage.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that nobody here wrote, in a process of its own, so that its libraries never meet ours. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a server that {@code localstack/servers} has the libraries of.
     *
     * @param port where it will listen; waits until it does
     */
    static ServerProcess java(String name, int port, List<String> arguments) throws Exception {
        Path libraries = Path.of("../localstack/servers", name, "target/lib")
                .toAbsolutePath()
                .normalize();
        assumeTrue(
                Files.isDirectory(libraries),
                "the server " + name + " is not here: run  ./mvnw -pl localstack/servers/" + name
                        + " process-test-resources  first");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-cp", libraries + "/*"));
        command.addAll(arguments);
        return start(name, port, command);
    }

    static ServerProcess start(String name, int port, List<String> command) throws Exception {
        Path log = Files.createDirectories(Path.of("target/servers")).resolve(name + "-" + port + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProcess server = new ServerProcess(process, port);
        try {
            server.awaitPort(log);
        } catch (Exception e) {
            server.close();
            throw e;
        }
        return server;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void awaitPort(Path log) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "server ended with code " + process.exitValue() + ": " + Files.readString(log));
            }
            if (listens()) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("server did not listen on port " + port + ": " + Files.readString(log));
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 500);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
