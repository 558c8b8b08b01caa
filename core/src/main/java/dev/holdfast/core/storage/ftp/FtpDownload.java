package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an object as they arrive. A download to the object's end is whole only when the length is the one the
 * server told before and its final reply was a success: the last bytes are given out after that reply. Holds its
 * connection until it is closed or at its end; closed before, it cuts the connection.
 */
final class FtpDownload extends InputStream {
    private static final Duration REASON = Duration.ofSeconds(5);

    private final FtpPool.Lease lease;
    private final DataChannel data;
    private final InputStream in;
    private final String action;
    private final long bytes;
    private final boolean toEnd;
    private final Duration patience;
    private long read;
    private boolean finished;
    private @Nullable StorageException failure;

    /**
     * @param bytes how many bytes must come
     * @param toEnd whether the object ends after them
     */
    FtpDownload(FtpPool.Lease lease, DataChannel data, String action, long bytes, boolean toEnd, Duration patience)
            throws IOException {
        this.lease = lease;
        this.data = data;
        this.in = data.socket().getInputStream();
        this.action = action;
        this.bytes = bytes;
        this.toEnd = toEnd;
        this.patience = patience;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (length == 0) {
            return 0;
        }
        if (read == bytes) {
            return -1;
        }
        if (finished) {
            throw new IOException(action + " is closed");
        }
        try {
            int count = in.read(buffer, offset, (int) Math.min(length, bytes - read));
            if (count < 0) {
                throw ended();
            }
            read += count;
            if (read == bytes) {
                finish();
            }
            return count;
        } catch (IOException e) {
            throw fail(e);
        }
    }

    private StorageException fail(IOException cause) {
        StorageException known =
                lease.connection().failed(action + " after " + read + " of " + bytes + " bytes", cause);
        failure = known;
        finished = true;
        closeData(known);
        lease.close();
        return known;
    }

    private void closeData(StorageException known) {
        try {
            data.cut();
        } catch (IOException e) {
            known.addSuppressed(e);
        }
    }

    /** The server ended the data connection too early; it may say why. */
    private StorageException ended() throws IOException {
        FtpReply why = lease.connection().finalReply(REASON);
        return lease.connection().errors().lost(action, "the data connection ended early: " + why.display(), null);
    }

    private void finish() throws IOException {
        FtpConnection connection = lease.connection();
        if (toEnd) {
            if (in.read() >= 0) {
                throw connection.errors().lost(action, "the object grew while it was read", null);
            }
            data.close();
            FtpReply end = connection.finalReply(patience);
            if (!end.isDone()) {
                throw connection.errors().lost(action, "not confirmed: " + end.display(), null);
            }
        } else {
            data.cut();
            connection.settle();
        }
        finished = true;
        lease.close();
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            try {
                data.cut();
            } finally {
                lease.connection().drop();
                lease.close();
            }
        }
    }
}
