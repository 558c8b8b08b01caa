package dev.holdfast.core.pipeline;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the reader that was written from FORMAT.md in another language. */
final class ForeignReader {
    private static final Path SCRIPT = Path.of("src/test/reader/holdfast_reader.py");

    private final String python;

    private ForeignReader(String python) {
        this.python = python;
    }

    /** The first python3 that has the packages, in the order of localstack/lib/reader.sh; without one the test is skipped. */
    static ForeignReader find() throws IOException {
        for (String candidate : List.of("/usr/bin/python3", "python3")) {
            try {
                if (run(List.of(candidate, "-c", "import cryptography, zstandard"))
                                .exitCode()
                        == 0) {
                    return new ForeignReader(candidate);
                }
            } catch (IOException e) {
                System.err.println(candidate + " cannot be started: " + e.getMessage());
            }
        }
        return abort(
                "no python3 with the packages cryptography and zstandard: localstack/prepare foreign-reader installs"
                        + " them as root on Debian");
    }

    Result list(Path repository, Path keyFile) throws IOException {
        return run(List.of(python, SCRIPT.toString(), repository.toString(), keyFile.toString()));
    }

    Result write(Path repository, Path keyFile, String snapshot, Path into) throws IOException {
        return run(List.of(
                python, SCRIPT.toString(), repository.toString(), keyFile.toString(), snapshot, into.toString()));
    }

    /** The streams of a snapshot by name, which the reader must have found whole. */
    Map<String, byte[]> streams(Path repository, Path keyFile, String snapshot, Path into) throws IOException {
        Result result = write(repository, keyFile, snapshot, into);
        if (result.exitCode() != 0) {
            throw new AssertionError("the reader refused a good repository: " + result.errors());
        }
        Map<String, byte[]> streams = new LinkedHashMap<>();
        for (String line : result.output().lines().toList()) {
            String[] words = line.split(" ", 3);
            streams.put(words[2], Files.readAllBytes(into.resolve(words[0])));
        }
        return streams;
    }

    private static Result run(List<String> command) throws IOException {
        Path errors = Files.createTempFile("reader", ".err");
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("the reader did not end");
            }
            return new Result(process.exitValue(), output, Files.readString(errors));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(errors);
        }
    }

    /** How a run ended and what it said. */
    record Result(int exitCode, String output, String errors) {}
}
