package dev.holdfast.shim.host;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The configuration that was taken over with {@code holdfast apply}: the file as it was then, comments too. What the daemon runs by. */
public final class AppliedConfiguration {
    private final Path folder;
    private final ConfigurationFile reader;

    public AppliedConfiguration(HostHome home, ConfigurationFile reader) {
        this.folder = home.folder();
        this.reader = reader;
    }

    public Path file() {
        return folder.resolve("holdfast.yaml");
    }

    /**
     * What is applied; empty when nothing ever was.
     *
     * @throws dev.holdfast.core.config.ConfigurationException when it is wrong, for example for an older program
     */
    public Optional<Configuration> read() throws IOException {
        return Files.exists(file()) ? Optional.of(reader.load(file())) : Optional.empty();
    }

    /** Replaces it in one step. The text must have been found right. */
    public void replace(String text) throws IOException {
        SecretFile.makeFolder(folder);
        SecretFile.replace(file(), text);
    }

    /** The text of it; empty when nothing ever was applied. */
    public Optional<String> text() throws IOException {
        return Files.exists(file()) ? Optional.of(Files.readString(file(), StandardCharsets.UTF_8)) : Optional.empty();
    }
}
