package dev.holdfast.core.source.files;

/**
 * A folder of this host, by its absolute path. Text and not {@link java.nio.file.Path}: that cannot hold a name with letters outside
 * ASCII when the process runs without a UTF-8 locale, as services often do. The path is taken as UTF-8.
 */
public record HostFolder(String path) {
    public HostFolder {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a folder of the host is given by its absolute path");
        }
    }

    String rawName() {
        return ByteNames.ofText(path);
    }

    @Override
    public String toString() {
        return path;
    }
}
