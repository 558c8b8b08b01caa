package dev.holdfast.shim.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A volume of this test, made by the docker command and removed on close. */
public final class TestVolume implements AutoCloseable {
    private final String name = "holdfast-it-" + UUID.randomUUID().toString().substring(0, 8);

    public TestVolume() throws IOException {
        make();
    }

    public String name() {
        return name;
    }

    public void make() throws IOException {
        docker("volume", "create", name);
    }

    @Override
    public void close() throws IOException {
        docker("volume", "rm", "-f", name);
    }

    /** Runs a docker command, which must succeed, and returns what it printed. */
    public static String docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + " ended with " + process.exitValue() + ": " + text);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command + " ran", e);
        }
    }

    /** The state of a container in one word. */
    public static String state(String container) throws IOException {
        return docker("inspect", "--format", "{{.State.Status}}", container).strip();
    }

    /** Names of containers that were made to reach a volume, and are still there. */
    public static String helpers(String volume) throws IOException {
        return docker("ps", "-a", "-q", "--filter", "label=dev.holdfast.volume=" + volume)
                .strip();
    }
}
