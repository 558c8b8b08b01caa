package dev.holdfast.core.repository;

import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.IndexCipher;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a snapshot object: magic {@code HFSNAP01}, header length (4 bytes), header, then for each recipe segment its
 * sealed length (4 bytes) and itself, then the Ed25519 signature over all before it.
 */
final class SnapshotObject {
    private static final byte[] MAGIC = "HFSNAP01".getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final byte[] bytes;
    private final SnapshotHeader header;
    private final int recipeStart;

    private SnapshotObject(String name, byte[] bytes, SnapshotHeader header, int recipeStart) {
        this.name = name;
        this.bytes = bytes;
        this.header = header;
        this.recipeStart = recipeStart;
    }

    static byte[] encode(SnapshotHeader header, List<byte[]> segments, HostKey host) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] head = header.encode();
        out.writeBytes(MAGIC);
        out.writeBytes(number(head.length));
        out.writeBytes(head);
        for (byte[] segment : segments) {
            out.writeBytes(number(segment.length));
            out.writeBytes(segment);
        }
        MessageDigest sha256 = ChunkIdentifier.newSha256();
        out.writeBytes(host.sign(sha256.digest(out.toByteArray())));
        return out.toByteArray();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** Reads the frame and the header; checks that the object lies under its own name. The signature is not checked yet. */
    static SnapshotObject decode(String name, byte[] bytes) throws FormatException {
        int start = MAGIC.length + Integer.BYTES;
        if (bytes.length < start + HostKey.SIGNATURE_BYTES
                || !Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
            throw new FormatException(name + ": not a snapshot of a format that this version knows");
        }
        int headerLength = ByteBuffer.wrap(bytes, MAGIC.length, Integer.BYTES).getInt();
        if (headerLength < 0 || headerLength > bytes.length - start - HostKey.SIGNATURE_BYTES) {
            throw new FormatException(name + ": the header's length does not fit");
        }
        SnapshotHeader header = SnapshotHeader.decode(name, Arrays.copyOfRange(bytes, start, start + headerLength));
        if (!header.key().text().equals(name)) {
            throw new FormatException(name + ": holds the snapshot " + header.key() + " under another name");
        }
        return new SnapshotObject(name, bytes, header, start + headerLength);
    }

    /** The object as it is stored, not copied. */
    byte[] bytes() {
        return bytes;
    }

    SnapshotHeader header() {
        return header;
    }

    void verify(Descriptor descriptor) throws FormatException, AuthenticationFailedException {
        if (!header.repository().equals(descriptor.repository())) {
            throw new FormatException(name + ": belongs to another repository");
        }
        HostKey.PublicHalf host = descriptor
                .host(header.host())
                .orElseThrow(() -> new AuthenticationFailedException(
                        name + ": signed by host " + header.host() + ", which the repository does not know"));
        MessageDigest sha256 = ChunkIdentifier.newSha256();
        sha256.update(bytes, 0, bytes.length - HostKey.SIGNATURE_BYTES);
        byte[] signature = Arrays.copyOfRange(bytes, bytes.length - HostKey.SIGNATURE_BYTES, bytes.length);
        try {
            host.verify(sha256.digest(), signature);
        } catch (AuthenticationFailedException e) {
            throw new AuthenticationFailedException(name + ": " + e.getMessage(), e);
        }
    }

    Recipe recipe(IndexCipher cipher) throws FormatException, AuthenticationFailedException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length - recipeStart);
        int end = bytes.length - HostKey.SIGNATURE_BYTES;
        int at = recipeStart;
        int position = 0;
        while (at < end) {
            int length = end - at < Integer.BYTES
                    ? -1
                    : ByteBuffer.wrap(bytes, at, Integer.BYTES).getInt();
            at += Integer.BYTES;
            if (length < 0 || length > end - at) {
                throw new FormatException(name + ": a recipe segment's length does not fit");
            }
            IndexCipher.End mark = at + length == end ? IndexCipher.End.LAST : IndexCipher.End.MORE;
            byte[] sealed = Arrays.copyOfRange(bytes, at, at + length);
            try {
                text.writeBytes(cipher.openSegment(sealed, new IndexCipher.Segment(header.snapshot(), position, mark)));
            } catch (AuthenticationFailedException e) {
                throw new AuthenticationFailedException(name + " recipe: " + e.getMessage(), e);
            }
            at += length;
            position++;
        }
        return Recipe.decode(name, text.toByteArray(), header);
    }
}
