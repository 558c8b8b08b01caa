package dev.holdfast.core.source.files;

/** What an entry of a folder is. */
public enum EntryKind {
    FILE,
    DIRECTORY,
    SYMBOLIC_LINK,
    /** A further name of a file that came earlier. */
    HARD_LINK,
    FIFO,
    CHARACTER_DEVICE,
    BLOCK_DEVICE
}
