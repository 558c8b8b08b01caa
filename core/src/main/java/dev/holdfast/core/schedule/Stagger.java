package dev.holdfast.core.schedule;

import dev.holdfast.core.model.SourceName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/** Spreads sources that are due together, so that ten databases of one disk do not dump in the same second. */
public final class Stagger {
    private Stagger() {}

    /**
     * How long after its due time a source starts: always the same for the same name and window, on every host. It is the first 8 bytes of the SHA-256 of
     * the name in UTF-8, read as an unsigned big-endian number, modulo the window in whole seconds.
     *
     * @param window as in {@link Schedule#window()}; under a second gives zero
     * @return whole seconds, from 0 to less than the window
     */
    public static Duration of(SourceName source, Duration window) {
        long seconds = window.toSeconds();
        if (seconds == 0) {
            return Duration.ZERO;
        }
        byte[] hash = sha256(source.text());
        return Duration.ofSeconds(Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), seconds));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
