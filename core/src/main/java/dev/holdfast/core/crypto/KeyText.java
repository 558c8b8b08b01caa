package dev.holdfast.core.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * Keys as people keep them: {@code prefix:} and 64 hexadecimal digits, then {@code -} and 8 digits of the SHA-256 of
 * what stands before, so that a slip of the pen is found at once.
 */
final class KeyText {
    private static final int CHECK_BYTES = 4;

    private KeyText() {}

    static String print(String prefix, byte[] key) {
        String body = prefix + ":" + HexFormat.of().formatHex(key);
        return body + "-" + HexFormat.of().formatHex(check(body));
    }

    static boolean hasPrefix(String prefix, String text) {
        return text.startsWith(prefix + ":");
    }

    /** The key bytes. The message of what it throws never repeats the text. */
    static byte[] parse(String prefix, String text) {
        String form = prefix + ":<64 hex digits>-<8 hex digits>";
        int dash = text.lastIndexOf('-');
        int start = prefix.length() + 1;
        if (!hasPrefix(prefix, text) || dash != start + 2 * SymmetricKey.BYTES || text.length() != dash + 9) {
            throw new IllegalArgumentException("key is not of the form " + form);
        }
        byte[] key;
        byte[] check;
        try {
            key = HexFormat.of().parseHex(text, start, dash);
            check = HexFormat.of().parseHex(text, dash + 1, text.length());
        } catch (IllegalArgumentException e) {
            // the cause is left out: its message would repeat a part of the secret
            throw new IllegalArgumentException("key is not of the form " + form);
        }
        if (!Arrays.equals(check, check(text.substring(0, dash)))) {
            throw new IllegalArgumentException("key has a typing error: its check digits do not fit");
        }
        return key;
    }

    private static byte[] check(String body) {
        return Arrays.copyOf(
                sha256(body.toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII)), CHECK_BYTES);
    }

    static byte[] sha256(byte[] bytes) {
        SHA256Digest digest = new SHA256Digest();
        digest.update(bytes, 0, bytes.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }

    /** The first 8 bytes of the SHA-256, in hexadecimal. */
    static String shortId(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes), 0, 8);
    }
}
