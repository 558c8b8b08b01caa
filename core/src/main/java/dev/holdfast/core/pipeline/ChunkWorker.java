package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.Chunk;
import dev.holdfast.core.chunk.ChunkEncoder;
import dev.holdfast.core.chunk.Codec;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.ChunkCipher;
import dev.holdfast.core.crypto.ChunkIdentifier;
import java.security.SecureRandom;
import java.util.Arrays;

/** What one core does with a chunk: name it, and unless it is known already, compress and seal it. Used by one thread at a time. */
final class ChunkWorker implements AutoCloseable {
    private final ChunkIdentifier identifier;
    private final ChunkEncoder encoder;
    private final ChunkCipher cipher;
    private final ChunkIndex index;
    private final SecureRandom random;
    private byte[] sealed = new byte[0];

    ChunkWorker(
            ChunkIdentifier identifier,
            Compression compression,
            ChunkCipher cipher,
            ChunkIndex index,
            SecureRandom random) {
        this.identifier = identifier;
        this.encoder = new ChunkEncoder(compression);
        this.cipher = cipher;
        this.index = index;
        this.random = random;
    }

    /** Works on a chunk; the caller releases it. */
    Result process(Chunk chunk) {
        byte[] digest = identifier.digest(chunk.bytes(), chunk.offset(), chunk.length());
        byte[] id = identifier.id(digest);
        int known = index.find(id);
        return known != ChunkIndex.NONE ? new Known(digest, id, chunk.length(), known) : seal(chunk, digest, id);
    }

    private Sealed seal(Chunk chunk, byte[] digest, byte[] id) {
        ChunkEncoder.Encoded encoded = encoder.encode(chunk.bytes(), chunk.offset(), chunk.length());
        int room = encoded.length() + ChunkCipher.OVERHEAD_BYTES;
        if (sealed.length < room) {
            sealed = new byte[room];
        }
        int length = cipher.seal(
                encoded.bytes(),
                encoded.offset(),
                encoded.length(),
                new ChunkCipher.ChunkContext(id, encoded.codec().number(), chunk.length()),
                sealed,
                random);
        return new Sealed(digest, id, chunk.length(), encoded.codec(), Arrays.copyOf(sealed, length));
    }

    @Override
    public void close() {
        encoder.close();
    }

    /** A chunk after its worker. */
    sealed interface Result {
        byte[] digest();

        byte[] id();

        int rawLength();
    }

    /** It is stored already, as that entry of the index. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(byte[] digest, byte[] id, int rawLength, int entry) implements Result {}

    /** It is new. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sealed(byte[] digest, byte[] id, int rawLength, Codec codec, byte[] sealed) implements Result {}
}
