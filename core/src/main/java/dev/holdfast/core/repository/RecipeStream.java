package dev.holdfast.core.repository;

import java.util.HexFormat;

/**
 * One stream of a snapshot.
 *
 * @param bytes its length
 * @param chunks how many chunks it has
 * @param digest SHA-256, in hexadecimal, of the concatenated SHA-256 digests of its chunks
 */
public record RecipeStream(String name, long bytes, long chunks, String digest) {
    public RecipeStream {
        if (digest.length() != 64) {
            throw new IllegalArgumentException("a stream's digest must be 64 hexadecimal digits");
        }
        HexFormat.of().parseHex(digest);
    }
}
