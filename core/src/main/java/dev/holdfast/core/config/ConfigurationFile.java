package dev.holdfast.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/** Reads {@code holdfast.yaml}, as a whole: what is wrong is told all at once. Nothing outside the file is looked at, and no secret is read. */
public final class ConfigurationFile {
    /** Far more than thousands of services need, in bytes. */
    public static final int LARGEST = 1 << 20;

    private final ZoneId local;
    private final Set<String> databaseTypes;

    /**
     * @param local the zone of schedules that name none
     * @param databaseTypes what {@code type} of a container's databases may be; empty for anything
     */
    public ConfigurationFile(ZoneId local, Set<String> databaseTypes) {
        this.local = local;
        this.databaseTypes = Set.copyOf(databaseTypes);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigurationException with all that is wrong with it
     * @throws IOException when it cannot be read
     */
    public Configuration load(Path file) throws IOException {
        ParsedConfiguration parsed = parse(bytes(file));
        return parsed.configuration().orElseThrow(() -> new ConfigurationException(file.toString(), parsed.problems()));
    }

    /** The bytes of a file, or as many as show that it is too large. */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST + 1);
        }
    }

    /** Reads what a file holds. Never throws: whatever the bytes are, the answer is a configuration or errors. */
    public ParsedConfiguration parse(byte[] bytes) {
        Problems problems = new Problems();
        Optional<Configuration> read = ConfigurationBytes.text(bytes, problems)
                .flatMap(text -> YamlReader.read(text, problems))
                .map(root -> new Spot(root, "", problems))
                .filter(root -> !isEmpty(root))
                .flatMap(root ->
                        new ConfigurationReader(new PolicyReader(local), new SourceReader(databaseTypes)).read(root));
        if (read.isEmpty() && !problems.anyError()) {
            problems.error(Position.START, "", "the file is empty: it needs storages and services");
        }
        return new ParsedConfiguration(problems.anyError() ? Optional.empty() : read, problems.all());
    }

    private static boolean isEmpty(Spot root) {
        return root.node() instanceof YamlNode.Scalar scalar && scalar.isNothing();
    }
}
