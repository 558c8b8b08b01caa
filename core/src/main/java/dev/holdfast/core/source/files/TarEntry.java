package dev.holdfast.core.source.files;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One entry of an archive that is read. */
public final class TarEntry {
    record Extent(long offset, long length) {}

    private final EntryKind kind;
    private final String path;
    private final String link;
    private final FileStatus status;
    private final long storedBytes;
    private final Map<String, byte[]> attributes;
    private final List<Extent> extents;
    private final boolean foreignAcl;

    TarEntry(
            EntryKind kind,
            String path,
            String link,
            FileStatus status,
            long storedBytes,
            Map<String, byte[]> attributes,
            List<Extent> extents,
            boolean foreignAcl) {
        this.kind = kind;
        this.path = path;
        this.link = link;
        this.status = status;
        this.storedBytes = storedBytes;
        this.attributes = attributes;
        this.extents = extents;
        this.foreignAcl = foreignAcl;
    }

    public EntryKind kind() {
        return kind;
    }

    /** The path below the folder, for people: bytes that are not UTF-8, control characters and backslashes as {@code \xNN}. */
    public String path() {
        return ByteNames.display(path);
    }

    /** Where a symbolic or hard link leads, as {@link #path()}; empty for anything else. */
    public String link() {
        return ByteNames.display(link);
    }

    /** Bytes of the content, holes included. */
    public long size() {
        return status.size();
    }

    /** Permissions with setuid (04000), setgid (02000) and sticky (01000). */
    public int permissions() {
        return status.permissions();
    }

    /** The owner's number. */
    public long uid() {
        return status.uid();
    }

    /** The group's number. */
    public long gid() {
        return status.gid();
    }

    public Instant modified() {
        return Instant.ofEpochSecond(
                status.modified().seconds(), status.modified().nanoseconds());
    }

    String rawPath() {
        return path;
    }

    String rawLink() {
        return link;
    }

    FileStatus status() {
        return status;
    }

    long storedBytes() {
        return storedBytes;
    }

    Map<String, byte[]> attributes() {
        return attributes;
    }

    /** Where the stored bytes belong; one extent over everything when there are no holes. */
    List<Extent> extents() {
        return extents;
    }

    /** Whether another program wrote an access control list as text, which is not restored. */
    boolean foreignAcl() {
        return foreignAcl;
    }
}
