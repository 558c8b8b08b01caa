package dev.holdfast.shim.volume;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A shell that waits for this process to end. Its stdin is a pipe from here: when that breaks without a word, this process has died, and the
 * shell becomes a program that takes back what the journals say. Until then it costs one sleeping process.
 */
final class Guardian {
    /** Signals to the terminal's whole group, such as Ctrl-C, must not take it along. */
    private static final String WAIT = """
            trap '' HUP INT TERM
            read -r word
            [ "$word" = dismissed ] && exit 0
            exec "$@"
            """;

    private final Process process;

    private Guardian(Process process) {
        this.process = process;
    }

    /** Throws when there is no shell: then no container is touched. */
    static Guardian start(Path journals) throws IOException {
        List<String> command = List.of(
                "/bin/sh",
                "-c",
                WAIT,
                "holdfast-guardian",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:disable",
                "-Xlog:all=off",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Leftovers.class.getName(),
                journals.toString());
        return new Guardian(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** All has been taken back, or what has not is left to the next command. */
    void dismiss() throws IOException {
        try (OutputStream word = process.getOutputStream()) {
            word.write("dismissed\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
