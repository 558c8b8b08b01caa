package dev.holdfast.core.crypto;

import dev.holdfast.core.model.HostId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** A host's Ed25519 key (RFC 8032), with which it signs the snapshots it writes. */
public final class HostKey {
    /** Length of a signature. */
    public static final int SIGNATURE_BYTES = 64;

    private static final String PREFIX = "HOLDFAST-HOST-KEY-ED25519";
    private static final byte[] LABEL = "holdfast/1 snapshot".getBytes(StandardCharsets.US_ASCII);

    private final Ed25519PrivateKeyParameters key;

    private HostKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    public static HostKey generate(SecureRandom random) {
        return new HostKey(new Ed25519PrivateKeyParameters(random));
    }

    /** Reads {@link #secretText()}. */
    public static HostKey parse(String text) {
        return new HostKey(new Ed25519PrivateKeyParameters(KeyText.parse(PREFIX, text.strip())));
    }

    /** The text of a key file. Secret. */
    public String secretText() {
        return KeyText.print(PREFIX, key.getEncoded());
    }

    public PublicHalf publicHalf() {
        return new PublicHalf(
                Base64.getEncoder().encodeToString(key.generatePublicKey().getEncoded()));
    }

    /** Signs a snapshot, given the SHA-256 of all its bytes before the signature. */
    public byte[] sign(byte[] sha256) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        byte[] message = message(sha256);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    private static byte[] message(byte[] sha256) {
        return ByteBuffer.allocate(LABEL.length + sha256.length)
                .put(LABEL)
                .put(sha256)
                .array();
    }

    @Override
    public String toString() {
        return "host key " + publicHalf().id();
    }

    /** What others need to verify: the public key of 32 bytes in base64. */
    public record PublicHalf(String base64) {
        public PublicHalf {
            if (Base64.getDecoder().decode(base64).length != 32) {
                throw new IllegalArgumentException("an Ed25519 public key must be 32 bytes");
            }
        }

        public HostId id() {
            return HostId.of(Arrays.copyOf(KeyText.sha256(Base64.getDecoder().decode(base64)), HostId.BYTES));
        }

        public void verify(byte[] sha256, byte[] signature) throws AuthenticationFailedException {
            Ed25519Signer verifier = new Ed25519Signer();
            verifier.init(
                    false, new Ed25519PublicKeyParameters(Base64.getDecoder().decode(base64)));
            byte[] message = message(sha256);
            verifier.update(message, 0, message.length);
            if (!verifier.verifySignature(signature)) {
                throw new AuthenticationFailedException("signature does not verify");
            }
        }
    }
}
