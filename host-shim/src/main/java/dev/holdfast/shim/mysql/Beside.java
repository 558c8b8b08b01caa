package dev.holdfast.shim.mysql;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names beside a database or table. */
final class Beside {
    private static final int MAX_NAME_CHARACTERS = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Beside() {}

    /** {@code name__word_8hex}, cut so that it fits into a name of 64 characters. */
    static String of(String name, String word) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        String suffix = "__" + word + "_" + HexFormat.of().formatHex(random);
        int room = Math.min(name.length(), MAX_NAME_CHARACTERS - suffix.length());
        return name.substring(0, room) + suffix;
    }
}
