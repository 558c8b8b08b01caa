package dev.holdfast.core.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses chunks, each alone. Not safe for use by several threads. */
public final class ChunkEncoder implements AutoCloseable {
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};
    private static final int GZIP_TRAILER_BYTES = 8;

    private final Compression compression;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private byte[] out = new byte[0];

    public ChunkEncoder(Compression compression) {
        this.compression = compression;
        if (compression.codec() == Codec.ZSTD) {
            zstd.setLevel(compression.level());
        }
    }

    /** The chunk compressed, or as it is when it does not shrink. The result is valid until the next call. */
    public Encoded encode(byte[] bytes, int offset, int length) {
        int encoded = switch (compression.codec()) {
            case NONE -> length;
            case ZSTD -> zstd(bytes, offset, length);
            case GZIP -> gzip(bytes, offset, length);
        };
        return encoded >= length
                ? new Encoded(Codec.NONE, bytes, offset, length)
                : new Encoded(compression.codec(), out, 0, encoded);
    }

    private int zstd(byte[] bytes, int offset, int length) {
        grow((int) Zstd.compressBound(length));
        return zstd.compressByteArray(out, 0, out.length, bytes, offset, length);
    }

    /** gzip by hand around Deflater: GZIPOutputStream would write through a growing stream. Longer than the input: as it is. */
    private int gzip(byte[] bytes, int offset, int length) {
        grow(length + 64);
        System.arraycopy(GZIP_HEADER, 0, out, 0, GZIP_HEADER.length);
        try (Deflater deflater = new Deflater(compression.level(), true)) {
            deflater.setInput(bytes, offset, length);
            deflater.finish();
            int room = length + 64 - GZIP_HEADER.length - GZIP_TRAILER_BYTES;
            int written = deflater.deflate(out, GZIP_HEADER.length, room);
            if (!deflater.finished()) {
                return length;
            }
            int end = GZIP_HEADER.length + written;
            CRC32 crc = new CRC32();
            crc.update(bytes, offset, length);
            putLittleEndian(end, (int) crc.getValue());
            putLittleEndian(end + 4, length);
            return end + GZIP_TRAILER_BYTES;
        }
    }

    private void putLittleEndian(int at, int value) {
        for (int i = 0; i < 4; i++) {
            out[at + i] = (byte) (value >>> (8 * i));
        }
    }

    private void grow(int length) {
        if (out.length < length) {
            out = new byte[length];
        }
    }

    @Override
    public void close() {
        zstd.close();
    }

    /** Encoded bytes in a buffer that is reused. */
    @SuppressWarnings("ArrayRecordComponent") // a view of a buffer, never compared
    public record Encoded(Codec codec, byte[] bytes, int offset, int length) {}
}
