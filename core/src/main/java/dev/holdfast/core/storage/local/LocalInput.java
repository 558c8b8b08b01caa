package dev.holdfast.core.storage.local;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A part of an open file. It stays the object that was opened, also when the key is replaced or deleted meanwhile. */
final class LocalInput extends InputStream {
    /** The JDK copies heap buffers through a native one of the same size: pieces keep that small. */
    private static final int PIECE_BYTES = 256 * 1024;

    private final FileChannel channel;
    private final Path root;
    private long position;
    private final long end;

    /** Owns the channel from now on. */
    LocalInput(FileChannel channel, long offset, long end, Path root) {
        this.channel = channel;
        this.position = offset;
        this.end = end;
        this.root = root;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        int wanted = (int) Math.min(Math.min(length, PIECE_BYTES), end - position);
        int count;
        try {
            count = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
        } catch (IOException e) {
            throw LocalErrors.of(e, "reading", root);
        }
        if (count < 0) {
            throw new StorageException.Corrupt("a file below " + root + " was cut short while it was read", null);
        }
        position += count;
        return count;
    }

    @Override
    public long skip(long bytes) {
        long skipped = Math.clamp(bytes, 0, Math.max(0, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return Math.clamp(end - position, 0, Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
