package dev.holdfast.core.storage.s3;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object as it arrives: exactly the bytes that were announced, or a {@link StorageException}. Closed early it gives up
 * the connection when much is still to come, since reading the rest would cost more than connecting anew.
 */
final class S3Input extends InputStream {
    private static final long WORTH_READING_BYTES = 256 * 1024;

    private final ResponseInputStream<GetObjectResponse> in;
    private final long bytes;
    private final long announced;
    private final String key;
    private final S3Errors errors;
    private long read;
    private @Nullable StorageException failure;
    private boolean closed;

    /**
     * @param announced how many bytes the server sends
     * @param bytes how many of them are wanted
     */
    S3Input(ResponseInputStream<GetObjectResponse> in, long announced, long bytes, String key, S3Errors errors) {
        this.in = in;
        this.announced = announced;
        this.bytes = Math.min(bytes, announced);
        this.key = key;
        this.errors = errors;
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
        if (closed) {
            throw new IOException("stream of " + key + " is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (read == bytes) {
            return -1;
        }
        try {
            return next(buffer, offset, length);
        } catch (StorageException e) {
            failure = e;
            throw e;
        } catch (SdkException | IOException e) {
            failure = errors.ofStream(e, key);
            throw failure;
        }
    }

    private int next(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, (int) Math.min(length, bytes - read));
        if (count < 0) {
            throw new StorageException.Unavailable(
                    "download of " + key + " ended after " + read + " of " + bytes + " bytes; try again", null);
        }
        read += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (failure != null || announced - read > WORTH_READING_BYTES) {
            in.abort();
        } else {
            in.close();
        }
    }
}
