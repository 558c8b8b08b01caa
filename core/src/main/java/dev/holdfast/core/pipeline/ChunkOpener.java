package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.ChunkDecoder;
import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.ChunkCipher;
import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.FormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Opens sealed chunks: authenticates, decompresses, and checks the plain text against the chunk's id. Used by one thread at a time.
 */
final class ChunkOpener implements AutoCloseable {
    private final List<ChunkCipher> ciphers;
    private final ChunkIdentifier identifier;
    private final ChunkDecoder decoder = new ChunkDecoder();
    private byte[] encoded = new byte[0];
    private byte[] sealed = new byte[0];

    ChunkOpener(List<ChunkCipher> ciphers, ChunkIdentifier identifier) {
        this.ciphers = ciphers;
        this.identifier = identifier;
    }

    /** A buffer for at least {@code length} sealed bytes; the same one each time, so that large buffers are not made again and again. */
    byte[] sealedBuffer(int length) {
        if (sealed.length < length) {
            sealed = new byte[length];
        }
        return sealed;
    }

    /** Opens one chunk out of {@code sealed} into {@code out}; returns the SHA-256 of its plain text. */
    byte[] open(String pack, ChunkRef chunk, byte[] sealed, int sealedOffset, byte[] out, int outOffset)
            throws IOException {
        String place = pack + ", chunk at " + chunk.offset();
        if (encoded.length < chunk.sealedLength()) {
            encoded = new byte[chunk.sealedLength()];
        }
        ChunkCipher.ChunkContext context =
                new ChunkCipher.ChunkContext(chunk.chunkId(), chunk.codec().number(), chunk.rawLength());
        int length;
        try {
            length = ciphers.get(chunk.run()).open(sealed, sealedOffset, chunk.sealedLength(), context, encoded);
        } catch (AuthenticationFailedException e) {
            throw new AuthenticationFailedException(place + ": " + e.getMessage(), e);
        }
        try {
            decoder.decode(chunk.codec(), encoded, length, out, outOffset, chunk.rawLength());
        } catch (IOException e) {
            throw new FormatException(place + ": " + e.getMessage(), e);
        }
        byte[] digest = identifier.digest(out, outOffset, chunk.rawLength());
        if (!Arrays.equals(identifier.id(digest), chunk.chunkId())) {
            throw new FormatException(place + ": its plain text does not fit its id");
        }
        return digest;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
