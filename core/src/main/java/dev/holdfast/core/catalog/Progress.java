package dev.holdfast.core.catalog;

/**
 * How far a backup has come.
 *
 * @param bytesRead bytes read from the source, before deduplication and compression
 * @param bytesStored bytes newly written to storage
 */
public record Progress(long bytesRead, long bytesStored) {
    public static final Progress NONE = new Progress(0, 0);

    public Progress {
        if (bytesRead < 0 || bytesStored < 0) {
            throw new IllegalArgumentException("progress cannot be negative");
        }
    }
}
