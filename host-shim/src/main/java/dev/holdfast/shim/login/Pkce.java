package dev.holdfast.shim.login;

import dev.holdfast.core.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What ties a code to the process that asked for it (RFC 7636, method S256): whoever reads the code on its way cannot
 * exchange it.
 *
 * @param verifier told when the code is exchanged
 * @param challenge its hash, told when the code is asked for
 */
record Pkce(Secret verifier, String challenge) {
    private static final int RANDOM_BYTES = 32;

    static Pkce random(SecureRandom random) {
        String verifier = text(random);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return new Pkce(
                    Secret.of(verifier), Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** 256 random bits in the characters that an address may have. */
    static String text(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
