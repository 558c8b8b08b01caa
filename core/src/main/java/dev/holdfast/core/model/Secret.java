package dev.holdfast.core.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A password, token or key of a provider. It prints as {@code ***}, so that a spec that holds one can be logged; only
 * {@link #reveal()} gives it out, at the place that sends it. Equality takes the same time whatever the content.
 */
public final class Secret {
    private final String text;

    private Secret(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("secret is empty");
        }
        this.text = text;
    }

    /** Copies the characters; the caller may clear its array afterwards. */
    public static Secret of(char[] characters) {
        return new Secret(String.valueOf(characters));
    }

    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The secret itself: for the call that authenticates, never for a message, a command line or a file. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for every secret: a hash would tell something about the content. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "***";
    }
}
