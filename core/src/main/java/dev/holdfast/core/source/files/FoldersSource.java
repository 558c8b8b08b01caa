package dev.holdfast.core.source.files;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folders of this host as one snapshot, each a stream {@code folders/its/path.tar}. A folder that lies in another one is kept in its own
 * stream alone. Each folder itself must be readable; what cannot be read in it is left out, counted and warned of.
 */
public final class FoldersSource implements BackupSource {
    /** What {@link #engine()} says. */
    public static final String ENGINE = "folder";

    /** Below {@code /}, these hold no files but the kernel's view of itself, sockets and locks. An exclusion with ! takes one back. */
    private static final List<String> NOT_FILES = List.of("/proc/*", "/sys/*", "/dev/*", "/run/*");

    private final List<FolderSource> sources;
    private final Mounts mounts;
    private final List<String> inclusions;
    private final List<String> exclusions;
    private final List<HostFolder> leftOut;
    private int given;

    /**
     * @param inclusions patterns as in {@link PathRules}, against the path below each folder
     * @param exclusions the same
     * @throws IllegalArgumentException when there is no folder, one is named twice, or a pattern is not well formed
     */
    public FoldersSource(List<HostFolder> folders, List<String> inclusions, List<String> exclusions, Mounts mounts) {
        this(folders, inclusions, exclusions, List.of(), mounts);
    }

    /**
     * The same without what lies in some folders, such as the repository that all this is saved to.
     *
     * @param leftOut folders that are kept empty
     */
    public FoldersSource(
            List<HostFolder> folders,
            List<String> inclusions,
            List<String> exclusions,
            List<HostFolder> leftOut,
            Mounts mounts) {
        if (folders.isEmpty() || new HashSet<>(folders).size() != folders.size()) {
            throw new IllegalArgumentException("name at least one folder, and each once");
        }
        this.mounts = mounts;
        this.inclusions = List.copyOf(inclusions);
        this.exclusions = List.copyOf(exclusions);
        this.leftOut = List.copyOf(leftOut);
        List<HostFolder> elsewhere =
                Stream.concat(folders.stream(), leftOut.stream()).toList();
        this.sources = folders.stream()
                .map(folder ->
                        new FolderSource(folder, rules(folder, elsewhere), mounts, TarRoot.NONE, streamOf(folder)))
                .toList();
    }

    private PathRules rules(HostFolder folder, List<HostFolder> elsewhere) {
        List<String> excluded = new ArrayList<>(folder.path().equals("/") ? NOT_FILES : List.of());
        excluded.addAll(exclusions);
        for (HostFolder other : elsewhere) {
            if (!other.equals(folder) && folder.holds(other)) {
                excluded.add("/" + literally(folder.pathTo(other)) + "/*");
            }
        }
        return PathRules.of(inclusions, excluded);
    }

    /** A path as a pattern for itself. */
    private static String literally(String path) {
        return path.replaceAll("[\\\\*?\\[]", "\\\\$0");
    }

    private static String streamOf(HostFolder folder) {
        return folder.path().equals("/") ? "folders.tar" : "folders" + ByteNames.display(folder.rawName()) + ".tar";
    }

    @Override
    public String engine() {
        return ENGINE;
    }

    @Override
    public Consistency consistency() {
        return Consistency.CRASH;
    }

    @Override
    public Optional<NamedStream> next() throws IOException {
        if (given == 0) {
            for (FolderSource source : sources) {
                source.requireReadable();
            }
        }
        return given == sources.size() ? Optional.empty() : sources.get(given++).next();
    }

    /** The rules, and for each folder its stream with what {@link FolderSource#evidence()} tells of it. */
    @Override
    public Map<String, Object> evidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("engine", ENGINE);
        evidence.put("include", inclusions);
        evidence.put("exclude", exclusions);
        evidence.put("leftOut", leftOut.stream().map(HostFolder::path).toList());
        evidence.put("oneFileSystem", mounts == Mounts.STAY);
        evidence.put("folders", sources.stream().map(FolderSource::evidence).toList());
        return evidence;
    }

    @Override
    public List<String> warnings() {
        return sources.stream()
                .flatMap(source -> source.warnings().stream().map(line -> "in " + source.folder() + ", " + line))
                .toList();
    }

    @Override
    public void close() {
        sources.forEach(FolderSource::close);
    }
}
