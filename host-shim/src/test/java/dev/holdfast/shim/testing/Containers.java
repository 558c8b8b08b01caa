package dev.holdfast.shim.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.shim.docker.DockerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A container of this test, started by the docker command and removed on close, whatever state it is in then. */
public final class Containers implements AutoCloseable {
    private static final String PREFIX = "holdfast-it-";

    private final String name;

    private Containers(String name) {
        this.name = name;
    }

    /** Skips the test, by name, when the engine does not run or lacks the image. */
    public static void assumeImage(String image) {
        assumeTrue(docker("version").code == 0, "needs a running Docker engine: localstack/lib/engine.sh starts one");
        assumeTrue(
                docker("image", "inspect", image).code == 0, "needs the image " + image + ": localstack/lib builds it");
    }

    /** Starts {@code image} detached; {@code environment} as {@code -e}. */
    public static Containers start(String image, Map<String, String> environment, String... command) {
        return startWith(image, environment, List.of(), command);
    }

    /** The same with more options of {@code docker run}. */
    public static Containers startWith(
            String image, Map<String, String> environment, List<String> options, String... command) {
        assumeImage(image);
        String name = PREFIX + UUID.randomUUID().toString().substring(0, 8);
        List<String> run = new ArrayList<>(List.of("run", "-d", "--name", name));
        environment.forEach((key, value) -> run.addAll(List.of("-e", key + "=" + value)));
        run.addAll(options);
        run.add(image);
        run.addAll(Arrays.asList(command));
        checked(run.toArray(String[]::new));
        return new Containers(name);
    }

    /** Gives an image another name, which {@link #untag} takes away. */
    public static void tag(String image, String name) {
        assumeImage(image);
        checked("tag", image, name);
    }

    public static void untag(String name) {
        checked("rmi", name);
    }

    public String name() {
        return name;
    }

    /** Its address on the engine's default network, for other containers. */
    public String address() {
        return checked("inspect", "--format", "{{.NetworkSettings.IPAddress}}", name)
                .strip();
    }

    /** Runs a command inside until it succeeds. */
    public Containers awaitSuccess(Duration within, String... command) {
        long deadline = System.nanoTime() + within.toNanos();
        Output last = exec(command);
        while (last.code != 0) {
            if (System.nanoTime() > deadline) {
                fail(name + " is not ready: " + last.text + docker("logs", "--tail", "20", name).text);
            }
            pause();
            last = exec(command);
        }
        return this;
    }

    /** Waits until the log holds a text, as {@code docker logs} shows it. */
    public Containers awaitLog(Duration within, String text) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!docker("logs", name).text.contains(text)) {
            if (System.nanoTime() > deadline) {
                fail(name + " never logged " + text + ": " + docker("logs", "--tail", "20", name).text);
            }
            pause();
        }
        return this;
    }

    /** Runs a command inside, whatever its exit code. */
    public Output exec(String... command) {
        List<String> exec = new ArrayList<>(List.of("exec", name));
        exec.addAll(Arrays.asList(command));
        return docker(exec.toArray(String[]::new));
    }

    /**
     * Starts a command inside and does not wait for it: an engine waits with the end of every command until the output of one that has ended
     * is read.
     */
    public void execDetached(String... command) {
        List<String> exec = new ArrayList<>(List.of("exec", "-d", name));
        exec.addAll(Arrays.asList(command));
        checked(exec.toArray(String[]::new));
    }

    /** Runs a command inside with a text as its stdin; it must succeed. */
    public String feed(String input, String... command) {
        List<String> exec = new ArrayList<>(List.of("docker", "exec", "-i", name));
        exec.addAll(Arrays.asList(command));
        Output output = run(exec, input);
        if (output.code != 0) {
            fail(String.join(" ", command) + " ended with " + output.code + ": " + output.text);
        }
        return output.text;
    }

    /** What the container has logged. */
    public String log() {
        return docker("logs", name).text;
    }

    /** The processes of the container with their command lines, as the host sees them. */
    public String top() {
        return checked("top", name, "-eo", "pid,args");
    }

    /** What the engine tells of each command that runs inside now. */
    public String execs() {
        StringBuilder all = new StringBuilder();
        String ids = checked("inspect", "--format", "{{range .ExecIDs}}{{println .}}{{end}}", name);
        for (String id : ids.lines().filter(line -> !line.isBlank()).toList()) {
            try (SocketChannel channel = DockerEndpoint.of(System.getenv()).open()) {
                String request = "GET /exec/" + id + "/json HTTP/1.0\r\nHost: docker\r\n\r\n";
                channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                all.append(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException("the engine does not tell of command " + id, e);
            }
        }
        return all.toString();
    }

    /** A docker command about this container, for example {@code kill}; it must succeed. */
    public void tell(String verb) {
        checked(verb, name);
    }

    @Override
    public void close() {
        checked("rm", "-f", "-v", name);
    }

    private static String checked(String... arguments) {
        Output output = docker(arguments);
        if (output.code != 0) {
            fail("docker " + String.join(" ", arguments) + " ended with " + output.code + ": " + output.text);
        }
        return output.text;
    }

    private static Output docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(Arrays.asList(arguments));
        return run(command, "");
    }

    private static Output run(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            Thread writer = Thread.ofVirtual().start(() -> {
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    process.destroy();
                }
            });
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            writer.join();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return fail(command + " did not end");
            }
            return new Output(process.exitValue(), text);
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What a docker command printed, stdout and stderr together. */
    public record Output(int code, String text) {}
}
