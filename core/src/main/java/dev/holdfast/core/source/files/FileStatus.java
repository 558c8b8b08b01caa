package dev.holdfast.core.source.files;

/**
 * What {@code statx(2)} tells of a file.
 *
 * @param mode type and permissions, as in {@code st_mode}
 * @param blocks allocated, of 512 bytes
 * @param device major and minor number of the file system, packed
 */
record FileStatus(
        int mode,
        long uid,
        long gid,
        long links,
        long size,
        long blocks,
        long inode,
        long device,
        long specialMajor,
        long specialMinor,
        FileTime modified,
        FileTime changed) {
    static final int TYPE_MASK = 0xf000;
    static final int SOCKET = 0xc000;
    static final int SYMBOLIC_LINK = 0xa000;
    static final int REGULAR = 0x8000;
    static final int BLOCK_DEVICE = 0x6000;
    static final int DIRECTORY = 0x4000;
    static final int CHARACTER_DEVICE = 0x2000;
    static final int FIFO = 0x1000;

    /** Seconds since the epoch, and 0 to 999,999,999 nanoseconds after them. */
    record FileTime(long seconds, int nanoseconds) {}

    int type() {
        return mode & TYPE_MASK;
    }

    int permissions() {
        return mode & 07777;
    }

    boolean sameContentAs(FileStatus other) {
        return size == other.size && modified.equals(other.modified) && changed.equals(other.changed);
    }
}
