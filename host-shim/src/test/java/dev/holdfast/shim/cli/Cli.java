package dev.holdfast.shim.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, with a home of its own. */
final class Cli {
    private final Path folder;
    private final String heap;
    private final Map<String, String> environment;
    private final List<String> prefix;
    private final Duration within;

    Cli(Path folder) {
        this(folder, "320m", Map.of(), List.of(), Duration.ofMinutes(2));
    }

    private Cli(Path folder, String heap, Map<String, String> environment, List<String> prefix, Duration within) {
        this.folder = folder;
        this.heap = heap;
        this.environment = environment;
        this.prefix = prefix;
        this.within = within;
    }

    /** The same with more patience, or less. */
    Cli within(Duration other) {
        return new Cli(folder, heap, environment, prefix, other);
    }

    /** The same with more variables in its environment. */
    Cli withEnvironment(Map<String, String> more) {
        return new Cli(folder, heap, more, prefix, within);
    }

    /** The same with another heap, as -Xmx takes it. */
    Cli withHeap(String other) {
        return new Cli(folder, other, environment, prefix, within);
    }

    /** The same, started through another program, as {@code setpriv} or {@code env} are. */
    Cli through(String... program) {
        return new Cli(folder, heap, environment, List.of(program), within);
    }

    Path home() {
        return folder.resolve("home");
    }

    Path storage() {
        return folder.resolve("storage");
    }

    /** Starts it; output goes to files beside the home. */
    Process start(Path storage, ProcessBuilder.Redirect input, String... arguments) throws IOException {
        return start(storage.toString(), input, arguments);
    }

    /** The same with the name of a storage; none is given to commands that know no storage. */
    Process start(String storage, ProcessBuilder.Redirect input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.holdfast.shim.cli.Holdfast"));
        command.addAll(List.of(arguments));
        int options = List.of(arguments).indexOf("--");
        if (!storage.isEmpty()) {
            command.addAll(
                    options < 0 ? command.size() : command.size() - arguments.length + options,
                    List.of("--storage", storage));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input);
        builder.environment().put("HOLDFAST_HOME", home().toString());
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(folder, "out", ".txt");
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        outputs.add(output);
        return process;
    }

    private final List<Path> outputs = new ArrayList<>();

    /** Runs it to its end, with no input. */
    Result run(String... arguments) throws IOException, InterruptedException {
        return runOn(storage(), arguments);
    }

    Result runOn(Path storage, String... arguments) throws IOException, InterruptedException {
        return runOn(storage.toString(), arguments);
    }

    /** A command that knows no storage. */
    Result runPlain(String... arguments) throws IOException, InterruptedException {
        return runOn("", arguments);
    }

    private Result runOn(String storage, String... arguments) throws IOException, InterruptedException {
        Process process = start(storage, ProcessBuilder.Redirect.from(new java.io.File("/dev/null")), arguments);
        Path output = outputs.getLast();
        if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("did not end within " + within.toSeconds() + " s: " + List.of(arguments));
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    /** What the newest process printed so far. */
    String output() throws IOException {
        return Files.readString(outputs.getLast(), StandardCharsets.UTF_8);
    }

    /** Exit code, and all that was printed. */
    record Result(int code, String output) {}
}
