package dev.holdfast.shim.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that touches a repository can be told. */
final class CommonOptions {
    @Option(
            names = {"-s", "--storage"},
            paramLabel = "NAME|FOLDER",
            description = "a storage by its name, or a folder; default: the default storage")
    private @Nullable String storage;

    @Option(
            names = "--from",
            paramLabel = "COPY",
            description = "read from a copy of the applied configuration, named by its storage")
    private @Nullable String from;

    @Option(
            names = {"-i", "--identity"},
            paramLabel = "FILE",
            description = "a key file that opens the repository; may be repeated; default: the keys kept on this host")
    private List<Path> identities = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    Optional<String> storage() {
        return Optional.ofNullable(storage);
    }

    Optional<String> from() {
        if (from != null && storage != null) {
            throw new IllegalArgumentException("--from and --storage exclude each other");
        }
        return Optional.ofNullable(from);
    }

    List<Path> identities() {
        return identities;
    }

    Console console() {
        return new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
    }
}
