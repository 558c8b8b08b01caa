package dev.holdfast.shim.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which containers this host backed up into a repository, so that one that is gone can be told, and told once: {@code
 * sources/<repository id>.json} in the home. Losing it loses nothing but that.
 */
public final class SeenSources {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path folder;
    private final Path file;

    public SeenSources(HostHome home, RepositoryId repository) {
        this.folder = home.folder().resolve("sources");
        this.file = folder.resolve(repository.hex() + ".json");
    }

    /** The container that each source came from; none at the first run. */
    public Map<SourceName, String> read() throws IOException {
        Map<SourceName, String> seen = new TreeMap<>();
        if (!Files.exists(file)) {
            return seen;
        }
        try {
            JsonNode sources = MAPPER.readTree(SecretFile.read(file)).path("sources");
            for (Map.Entry<String, JsonNode> source : sources.properties()) {
                seen.put(new SourceName(source.getKey()), source.getValue().asText());
            }
            return seen;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(
                    file + " is damaged: remove it, and what runs now is remembered anew by the next run", e);
        }
    }

    /** Replaces what is remembered. */
    public void write(Map<SourceName, String> seen) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode sources = root.putObject("sources");
        seen.forEach((source, container) -> sources.put(source.text(), container));
        SecretFile.makeFolder(folder);
        SecretFile.replace(file, root + "\n");
    }
}
