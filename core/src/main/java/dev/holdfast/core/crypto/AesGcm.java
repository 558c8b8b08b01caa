package dev.holdfast.core.crypto;

import java.security.SecureRandom;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * AES-256-GCM (NIST SP 800-38D) with a 96-bit random nonce and a 128-bit tag, written as nonce, ciphertext, tag.
 *
 * <p>Bouncy Castle's lightweight engine, because it is native and fast from the first byte; the JDK's own runs some 100
 * times slower until the JIT has compiled it. Not safe for use by several threads.
 */
final class AesGcm {
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;

    /** What sealing adds to a text. */
    static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

    private final KeyParameter key;
    private final GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());

    AesGcm(SymmetricKey key) {
        this.key = new KeyParameter(key.raw());
    }

    /** Seals {@code length} bytes into {@code out} at {@code outOffset}, under a fresh nonce; returns the sealed length. */
    int seal(byte[] text, int offset, int length, byte[] additional, byte[] out, int outOffset, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, out, outOffset, NONCE_BYTES);
        try {
            int written =
                    NONCE_BYTES + run(true, nonce, additional, text, offset, length, out, outOffset + NONCE_BYTES);
            if (written != length + OVERHEAD_BYTES) {
                throw new IllegalStateException("AES-GCM wrote " + written + " bytes for " + length);
            }
            return written;
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("AES-GCM failed to seal", e);
        }
    }

    byte[] seal(byte[] text, byte[] additional, SecureRandom random) {
        byte[] out = new byte[text.length + OVERHEAD_BYTES];
        seal(text, 0, text.length, additional, out, 0, random);
        return out;
    }

    /** Opens a sealed text; returns the length of the plain text. Nothing in {@code out} may be used when it throws. */
    int open(byte[] sealed, int offset, int length, byte[] additional, byte[] out, int outOffset)
            throws AuthenticationFailedException {
        if (length < OVERHEAD_BYTES) {
            throw new AuthenticationFailedException("sealed bytes are too short");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, offset, nonce, 0, NONCE_BYTES);
        try {
            return run(false, nonce, additional, sealed, offset + NONCE_BYTES, length - NONCE_BYTES, out, outOffset);
        } catch (InvalidCipherTextException e) {
            throw new AuthenticationFailedException("sealed bytes are not authentic: changed, or under another key", e);
        }
    }

    byte[] open(byte[] sealed, byte[] additional) throws AuthenticationFailedException {
        byte[] out = new byte[Math.max(0, sealed.length - OVERHEAD_BYTES)];
        open(sealed, 0, sealed.length, additional, out, 0);
        return out;
    }

    private int run(
            boolean sealing,
            byte[] nonce,
            byte[] additional,
            byte[] in,
            int offset,
            int length,
            byte[] out,
            int outOffset)
            throws InvalidCipherTextException {
        cipher.init(sealing, new AEADParameters(key, TAG_BYTES * 8, nonce, additional));
        int written = cipher.processBytes(in, offset, length, out, outOffset);
        return written + cipher.doFinal(out, outOffset + written);
    }
}
