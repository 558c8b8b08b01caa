package dev.holdfast.shim.host;

import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
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
        String text = wanted.orElseThrow(
                () -> new IllegalArgumentException("say where the repository is: --storage FOLDER"));
        return new Storage(LocalDriver.open(Path.of(text)));
    }
}
