package dev.holdfast.shim.host;

import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The storages of this host. */
public final class Storages {
    private Storages() {}

    public static Storages of(HostHome home) {
        return new Storages();
    }

    /** Opens a storage by name or folder, or the default one. */
    public Storage open(Optional<String> wanted) throws IOException {
        return new Storage(new LocalDriver(folder(wanted)));
    }

    /** The same, and a folder that is missing is made: for a new repository only, so that a mount that is away is never filled. */
    public Storage openNew(Optional<String> wanted) throws IOException {
        Files.createDirectories(folder(wanted));
        return open(wanted);
    }

    private static Path folder(Optional<String> wanted) {
        return Path.of(wanted.orElseThrow(
                () -> new IllegalArgumentException("say where the repository is: --storage FOLDER")));
    }
}
