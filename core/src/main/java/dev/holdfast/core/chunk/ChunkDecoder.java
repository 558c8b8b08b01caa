package dev.holdfast.core.chunk;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Decompresses chunks. Not safe for use by several threads. */
public final class ChunkDecoder implements AutoCloseable {
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();

    /**
     * Decodes {@code length} bytes of {@code bytes} into {@code out} at {@code outOffset}.
     *
     * @throws IOException when they do not decode to exactly {@code rawLength} bytes
     */
    public void decode(Codec codec, byte[] bytes, int length, byte[] out, int outOffset, int rawLength)
            throws IOException {
        int decoded = switch (codec) {
            case NONE -> copy(bytes, length, out, outOffset, rawLength);
            case ZSTD -> zstd(bytes, length, out, outOffset, rawLength);
            case GZIP -> gzip(bytes, length, out, outOffset, rawLength);
        };
        if (decoded != rawLength) {
            throw new IOException("a chunk decodes to " + decoded + " bytes instead of " + rawLength);
        }
    }

    private static int copy(byte[] bytes, int length, byte[] out, int outOffset, int rawLength) {
        if (length == rawLength) {
            System.arraycopy(bytes, 0, out, outOffset, length);
        }
        return length;
    }

    private int zstd(byte[] bytes, int length, byte[] out, int outOffset, int rawLength) throws IOException {
        try {
            return zstd.decompressByteArray(out, outOffset, rawLength, bytes, 0, length);
        } catch (ZstdException e) {
            throw new IOException("a chunk does not decode: " + e.getMessage(), e);
        }
    }

    private static int gzip(byte[] bytes, int length, byte[] out, int outOffset, int rawLength) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, 0, length))) {
            int read = in.readNBytes(out, outOffset, rawLength);
            return in.read() < 0 ? read : read + 1;
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
