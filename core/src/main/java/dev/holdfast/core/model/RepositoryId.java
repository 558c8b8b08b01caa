package dev.holdfast.core.model;

import java.util.random.RandomGenerator;

/** 16 random bytes that name a repository for its whole life, written as lower-case hexadecimal. */
public record RepositoryId(String hex) {
    /** Size in bytes. */
    public static final int BYTES = 16;

    public RepositoryId {
        HexId.require("repository id", hex, BYTES);
    }

    public static RepositoryId of(byte[] bytes) {
        return new RepositoryId(HexId.hex(bytes));
    }

    /** A new one; {@code random} must be unpredictable. */
    public static RepositoryId generate(RandomGenerator random) {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        return of(id);
    }

    public byte[] bytes() {
        return HexId.bytes(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
