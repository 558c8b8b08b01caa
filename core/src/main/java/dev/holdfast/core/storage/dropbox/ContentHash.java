package dev.holdfast.core.storage.dropbox;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Dropbox's {@code content_hash} of an object that passes in parts: the SHA-256 of the joined SHA-256s of its blocks of
 * 4 MiB (developer guide "Content hash"). Not for several threads.
 */
final class ContentHash {
    static final int BLOCK_BYTES = 4 << 20;

    private final MessageDigest whole = sha256();
    private boolean ended;

    /**
     * Takes the next part of the object and gives the hash of that part alone.
     *
     * @param length a multiple of {@link #BLOCK_BYTES} for every part but the last
     */
    String add(byte[] content, int offset, int length) {
        if (ended) {
            throw new IllegalStateException("a part after one that does not end with its block");
        }
        ended = length % BLOCK_BYTES != 0;
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        MessageDigest block = sha256();
        for (int at = 0; at < length; at += BLOCK_BYTES) {
            block.update(content, offset + at, Math.min(BLOCK_BYTES, length - at));
            blocks.writeBytes(block.digest());
        }
        whole.update(blocks.toByteArray());
        return HexFormat.of().formatHex(sha256().digest(blocks.toByteArray()));
    }

    /** The hash of all parts; ends the object. */
    String ofAll() {
        ended = true;
        return HexFormat.of().formatHex(whole.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
