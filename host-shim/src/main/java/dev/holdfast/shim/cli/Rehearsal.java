package dev.holdfast.shim.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Runs the usual commands once, in one process, so that the build's ahead-of-time cache knows their classes and which methods are hot. Its one
 * argument is a folder that does not exist, where a repository is made.
 */
final class Rehearsal {
    private static final int ROWS = 400_000;

    private Rehearsal() {}

    /** Ends with exit code 1 when a command did not do what it should. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectory(Path.of(arguments[0]));
        Path rows = Files.write(folder.resolve("rows"), rows());
        String storage = folder.resolve("repository").toString();
        run(ExitCode.DONE, "init", "--storage", storage);
        run(ExitCode.WARNINGS, "backup", "--stdin", "nothing", "--storage", storage);
        for (int round = 0; round < 3; round++) {
            run(ExitCode.DONE, "backup", "--storage", storage, "--from-command", "rows", "--", "cat", rows.toString());
        }
        run(ExitCode.DONE, "snapshots", "--storage", storage);
        run(ExitCode.DONE, "dump", "rows", "--storage", storage);
        run(ExitCode.DONE, "check", "--storage", storage);
        run(ExitCode.DONE, "check", "--read-data", "--storage", storage);
        run(ExitCode.FAILED, "backup", "no-engine", "--storage", storage);
        System.exit(ExitCode.DONE);
    }

    private static void run(int expected, String... command) {
        int code = Holdfast.run(command);
        if (code != expected) {
            System.err.println(String.join(" ", command) + " ended with exit code " + code);
            System.exit(ExitCode.FAILED);
        }
    }

    /** About 30 MB as a database would dump them, half of it repeated so that it compresses. */
    private static byte[] rows() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            text.append(row)
                    .append('\t')
                    .append(Long.toHexString(random.nextLong()))
                    .append("\tthe same words in each row, and some that are not ")
                    .append(random.nextInt(1000))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
