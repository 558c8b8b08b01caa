package dev.holdfast.core.source.files;

import java.util.List;

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

    /**
     * The folder that a user wrote, without empty and {@code .} parts.
     *
     * @param workingFolder where a relative path begins
     * @throws IllegalArgumentException for a part {@code ..}: what it means depends on links
     */
    public static HostFolder written(String text, String workingFolder) {
        if (text.isEmpty() || List.of(text.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("name a folder by a path without .., not '" + text + "'");
        }
        String whole = text.startsWith("/") ? text : workingFolder + "/" + text;
        return new HostFolder("/" + TarSelection.normalized(whole));
    }

    /** Whether the other folder is this one or lies in it, by their paths. */
    public boolean holds(HostFolder other) {
        return other.path.equals(path) || other.path.startsWith(path.equals("/") ? "/" : path + "/");
    }

    /** The path of a folder that this one holds, from here on: without a slash at its beginning, empty for the same folder. */
    public String pathTo(HostFolder held) {
        if (!holds(held)) {
            throw new IllegalArgumentException(held + " does not lie in " + this);
        }
        return TarSelection.normalized(held.path.substring(path.length()));
    }

    /** The folder at a path from this one on. */
    public HostFolder inner(String below) {
        return new HostFolder((path.equals("/") ? "" : path) + "/" + below);
    }

    String rawName() {
        return ByteNames.ofText(path);
    }

    @Override
    public String toString() {
        return path;
    }
}
