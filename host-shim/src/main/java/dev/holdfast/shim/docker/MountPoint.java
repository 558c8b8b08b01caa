package dev.holdfast.shim.docker;

/**
 * What a container has mounted.
 *
 * @param name of the volume; empty for a folder or file of the host
 * @param source where it lies on the engine's host
 * @param destination where the container sees it
 */
public record MountPoint(Kind kind, String name, String driver, String source, String destination, Access access) {
    /** Where the data lives. */
    public enum Kind {
        VOLUME,
        /** A folder or file of the host. */
        BIND
    }

    /** What the container may do with it. */
    public enum Access {
        READ,
        WRITE
    }
}
