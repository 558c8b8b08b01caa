package dev.holdfast.shim.mongo;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.database.Exclusion;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All of a MongoDB server as one {@code archive.bson}, as {@code mongodump --archive} writes it: databases, indexes, views, users and roles. Documents
 * are counted in the archive as it passes.
 *
 * <p>A member of a replica set has an oplog, and what was written meanwhile is taken along, so that a restore has one point in time. A standalone
 * server has none: each collection is as it was when it was read, which is said.
 */
public final class MongoSource implements BackupSource {
    static final String ARCHIVE = "archive.bson";

    private final MongoServer server;
    private final Exclusion exclusion;
    private final List<String> warnings = new ArrayList<>();
    private Consistency consistency = Consistency.CRASH;
    private boolean begun;
    private @Nullable ArchiveDump dump;
    private @Nullable ArchiveScan scan;

    private MongoSource(MongoServer server) {
        this.server = server;
        this.exclusion = Exclusion.of(server.container());
    }

    /** Logs in, and checks that the tool is there. Throws {@link EngineException} with one sentence that says what is wrong. */
    static MongoSource open(Engine engine, String container, MongoSettings settings) throws IOException {
        return new MongoSource(MongoServer.connect(engine, container, settings));
    }

    @Override
    public String engine() {
        return MongoType.LABEL;
    }

    /** {@link Consistency#APPLICATION} with an oplog; known once the stream was asked for. */
    @Override
    public Consistency consistency() {
        return consistency;
    }

    @Override
    public Optional<NamedStream> next() throws IOException {
        if (begun) {
            finish();
            return Optional.empty();
        }
        begun = true;
        ArchiveDump started = ArchiveDump.begin(server, exclusion);
        dump = started;
        if (started.hasOplog()) {
            consistency = Consistency.APPLICATION;
        } else {
            warnings.add(
                    "the server has no oplog, as it is no member of a replica set: each collection is as it was when it"
                            + " was read, and those written to meanwhile may disagree");
        }
        return Optional.of(new NamedStream(ARCHIVE, () -> started));
    }

    @Override
    public Map<String, Object> evidence() throws IOException {
        ArchiveScan archive = finish();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("engine", engine());
        evidence.put("serverVersion", server.version());
        evidence.put("dumpVersion", server.toolVersion());
        evidence.put("container", server.container().name());
        evidence.put("image", server.container().image());
        evidence.put("user", server.user());
        evidence.put("stream", ARCHIVE);
        evidence.put("oplog", archive.hasOplog());
        evidence.put("databases", databases(archive));
        evidence.put("rowsCounted", "in the dump");
        evidence.put("excludedDatabases", exclusion.leftOut());
        return evidence;
    }

    @Override
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void close() throws IOException {
        ArchiveDump open = dump;
        dump = null;
        if (open != null) {
            open.close();
        }
    }

    private ArchiveScan finish() throws IOException {
        ArchiveScan known = scan;
        if (known != null) {
            return known;
        }
        ArchiveDump open = dump;
        if (open == null) {
            throw new DumpFailedException("the dump was never begun");
        }
        ArchiveScan archive = open.finish();
        dump = null;
        scan = archive;
        warnings.addAll(exclusion.warnings());
        if (!archive.missing().isEmpty()) {
            warnings.add("these collections were there at first and are not in the dump: "
                    + archive.missing().stream().map(Namespace::toString).collect(Collectors.joining(", ")));
        }
        return archive;
    }

    /** By database: documents by collection, and names of views. */
    private static Map<String, Object> databases(ArchiveScan archive) {
        Map<String, Map<String, Long>> tables = new TreeMap<>();
        Map<String, List<String>> views = new TreeMap<>();
        archive.documents().forEach((namespace, documents) -> {
            if (!namespace.isOplog()) {
                tables.computeIfAbsent(namespace.database(), _ -> new TreeMap<>())
                        .put(namespace.collection(), documents);
            }
        });
        for (Namespace view : archive.views()) {
            tables.computeIfAbsent(view.database(), _ -> new TreeMap<>());
            views.computeIfAbsent(view.database(), _ -> new ArrayList<>()).add(view.collection());
        }
        Map<String, Object> databases = new TreeMap<>();
        tables.forEach((name, counts) -> databases.put(
                name, Map.of("stream", ARCHIVE, "tables", counts, "views", views.getOrDefault(name, List.of()))));
        return databases;
    }
}
