package dev.holdfast.core.pipeline;

/**
 * A stream that was read to its end, and whose chunks are all in packs.
 *
 * @param entries its chunks in order, as entries of the {@link ChunkIndex}; the first {@code chunks} of them count
 * @param digest of the digests of its chunks, in hexadecimal
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StreamRead(String name, long bytes, int[] entries, int chunks, String digest) {}
