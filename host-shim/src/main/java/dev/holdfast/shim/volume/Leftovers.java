package dev.holdfast.shim.volume;

import dev.holdfast.shim.docker.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Takes back what runs that died have left: at the start of every command, and by the {@link Guardian} at once. */
public final class Leftovers {
    private Leftovers() {}

    /** The folder of journals below a host's home. */
    public static Path folder(Path home) {
        return home.resolve("interrupted");
    }

    /** The guardian's program; its one argument is the folder of journals. */
    public static void main(String[] arguments) {
        takeBack(Path.of(arguments[0]), System.err);
    }

    /** Takes back all that no living process owns, and says what it does. Never throws: a command must not fail of another's past. */
    public static void takeBack(Path folder, PrintStream err) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(Journal.SUFFIX)).toList();
        } catch (IOException e) {
            err.println("warning: " + folder + " could not be read: " + e.getMessage());
            return;
        }
        for (Path file : files) {
            try {
                takeBackOne(folder, file, err);
            } catch (IOException | RuntimeException e) {
                err.println(
                        "warning: an earlier run was cut off, and what it did to containers could not be taken back: "
                                + e.getMessage() + " (" + file + ")");
            }
        }
    }

    private static void takeBackOne(Path folder, Path file, PrintStream err) throws IOException {
        var left = Journal.takeOver(folder, file);
        if (left.isEmpty()) {
            return;
        }
        try (Journal journal = left.get()) {
            if (journal.open().isEmpty()) {
                return;
            }
            try (Engine engine = Engine.connect(journal.endpoint())) {
                journal.open()
                        .reversed()
                        .forEach(step ->
                                err.println("holdfast: an earlier run was cut off; taking back " + step.told()));
                journal.undoAll(engine).forEach(said -> err.println("warning: " + said));
            }
        }
    }
}
