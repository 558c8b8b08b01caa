package dev.holdfast.core.source.files;

/** What to do with other file systems mounted inside a folder. */
public enum Mounts {
    /** Keep the folder they are mounted on, empty. */
    STAY,
    /** Read them too; choose exclusions for {@code /proc} and its like. */
    CROSS
}
