package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.Compression;

/**
 * How a backup runs.
 *
 * @param threads chunks compressed and sealed at the same time
 * @param uploads packs of 32 MiB on their way to the storage at the same time; each takes 32 MiB of memory
 */
public record BackupSettings(Compression compression, int threads, int uploads) {
    public BackupSettings {
        if (threads < 1 || threads > 64 || uploads < 1 || uploads > 16) {
            throw new IllegalArgumentException("threads must be 1 to 64, uploads 1 to 16");
        }
    }

    /** All cores, two uploads, zstd. */
    public static BackupSettings defaults() {
        return new BackupSettings(
                Compression.DEFAULT, Math.min(64, Runtime.getRuntime().availableProcessors()), 2);
    }

    public BackupSettings with(Compression other) {
        return new BackupSettings(other, threads, uploads);
    }
}
