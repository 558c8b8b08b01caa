package dev.holdfast.shim.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A daemon as a process of its own, with a launcher that starts runs from the classes under test. */
final class DaemonProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private DaemonProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** The real daemon. */
    static DaemonProcess start(Path folder, Path home, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> words = new ArrayList<>(List.of(Holdfast.class.getName(), "daemon"));
        words.addAll(List.of(arguments));
        return start(folder, home, environment, words);
    }

    /** One with a clock that runs fast. */
    static DaemonProcess startFast(Path folder, Path home, Instant origin, int speed) throws IOException {
        return start(
                folder,
                home,
                Map.of(),
                List.of(FastDaemon.class.getName(), Long.toString(origin.toEpochMilli()), Integer.toString(speed)));
    }

    private static DaemonProcess start(Path folder, Path home, Map<String, String> environment, List<String> words)
            throws IOException {
        List<String> command = java(List.of("-Dholdfast.launcher=" + launcher(folder)));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLDFAST_HOME", home.toString());
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(folder, "daemon", ".txt");
        return new DaemonProcess(
                builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    private static List<String> java(List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx200m",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    private static Path launcher(Path folder) throws IOException {
        Path launcher = folder.resolve("launcher");
        if (!Files.exists(launcher)) {
            Path made = Files.createTempFile(
                    folder,
                    "launcher",
                    ".sh",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(
                    made,
                    "#!/bin/sh\nexec '" + String.join("' '", java(List.of())) + "' " + Holdfast.class.getName()
                            + " \"$@\"\n");
            Files.move(made, launcher);
        }
        return launcher;
    }

    Process process() {
        return process;
    }

    String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Waits until it has printed something. */
    void await(Predicate<String> seen, Duration within) throws IOException, InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (!seen.test(output())) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError(
                        "the daemon " + (process.isAlive() ? "runs" : "has ended") + " and said:\n" + output());
            }
            Thread.sleep(100);
        }
    }

    /** SIGTERM; gives its exit code. */
    int terminate(Duration within) throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the daemon did not end within " + within + ":\n" + output());
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        kill();
    }
}
