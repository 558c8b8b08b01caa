package dev.holdfast.core.source.files;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.core.source.NamedStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder of this host as one stream. What cannot be read is left out, counted and warned of; only the folder
 * itself must be readable.
 */
public final class FolderSource implements BackupSource {
    /** The stream's name, where nothing else is asked for. */
    public static final String STREAM = "files.tar";

    private final HostFolder folder;
    private final PathRules rules;
    private final Mounts mounts;
    private final TarRoot root;
    private final String name;
    private final FolderReport report = new FolderReport();
    private boolean asked;
    private @Nullable TarStream stream;

    public FolderSource(HostFolder folder, PathRules rules, Mounts mounts) {
        this(folder, rules, mounts, TarRoot.NONE, STREAM);
    }

    FolderSource(HostFolder folder, PathRules rules, Mounts mounts, TarRoot root, String name) {
        this.folder = folder;
        this.rules = rules;
        this.mounts = mounts;
        this.root = root;
        this.name = name;
    }

    /** All of a folder that holds a container's files: below the root, with owners by their numbers alone. */
    public static FolderSource ofContainerFiles(HostFolder folder, TarRoot root) {
        return new FolderSource(folder, PathRules.ALL, Mounts.CROSS, root, STREAM);
    }

    HostFolder folder() {
        return folder;
    }

    /** Throws {@link DumpFailedException} when the folder cannot be opened now. */
    void requireReadable() throws DumpFailedException {
        Posix posix = new Posix();
        posix.close(TarStream.openFolder(posix, folder));
    }

    @Override
    public String engine() {
        return "folder";
    }

    @Override
    public Consistency consistency() {
        return Consistency.CRASH;
    }

    @Override
    public Optional<NamedStream> next() {
        if (asked) {
            return Optional.empty();
        }
        asked = true;
        return Optional.of(new NamedStream(name, () -> {
            if (stream != null) {
                throw new IOException("the folder's stream can be opened once");
            }
            TarStream opened = TarStream.open(folder, rules, mounts, root, report);
            stream = opened;
            return opened;
        }));
    }

    /** The stream, the folder, entries by kind, bytes of content, and findings with their count and first 100 paths. */
    @Override
    public Map<String, Object> evidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("stream", name);
        evidence.put("folder", folder.path());
        evidence.putAll(report.evidence());
        return evidence;
    }

    /** What was left out, could not be read or changed meanwhile: the count of each, and its first 100 paths. */
    public Map<String, Object> findings() {
        return report.findings();
    }

    @Override
    public List<String> warnings() {
        return report.warnings();
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }
}
